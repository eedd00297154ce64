# Takes what Alertmanager sends, by HTTP on port 80 and by SMTP on port 25, and shows it: GET /messages answers a JSON list, oldest
# first, of { "at", "path", "authorization", "body" }, all but the time in hexadecimal. A mail's path is "smtp", and its
# authorization is what was logged in with. Below /refuse everything is answered with 403, and below /busy with 503.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

$| = 1;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

sub listen_at { IO::Socket::INET->new(LocalPort => $_[0], Listen => 64, ReuseAddr => 1) or die "port $_[0]: $!\n" }
my $http = listen_at($ENV{HTTP_PORT} || 80);
my $smtp = listen_at($ENV{SMTP_PORT} || 25);
my @messages;

sub take {
    my ($path, $authorization, $body) = @_;
    my ($p, $a, $b) = map { unpack("H*", $_) } $path, $authorization, $body;
    # Its log outlives a restart.
    print "took $path\n";
    push @messages, sprintf('{"at":%d,"path":"%s","authorization":"%s","body":"%s"}', time, $p, $a, $b);
}

sub answer {
    my ($client, $status, $body) = @_;
    print $client "HTTP/1.1 $status\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}

sub serve_http {
    my ($client) = @_;
    my (undef, $path) = split / /, <$client> // return;
    my ($length, $authorization) = (0, "");
    while (my $line = <$client>) {
        last if $line =~ /^\r?$/;
        $length = $1 if $line =~ /^content-length:\s*(\d+)/i;
        $authorization = $1 if $line =~ /^authorization:\s*(.*?)\r?$/i;
    }
    return answer($client, "200 OK", "[" . join(",", @messages) . "]") if $path eq "/messages";
    return answer($client, "200 OK", "{}") if $path eq "/";
    read $client, my $body, $length;
    take($path, $authorization, $body);
    return answer($client, "403 Forbidden", '{"ok":false}') if $path =~ m{^/refuse};
    return answer($client, "503 Service Unavailable", '{"ok":false}') if $path =~ m{^/busy};
    # Slack and Discord read nothing of it, Telegram's document says so, PagerDuty's as well.
    answer($client, $path eq "/pagerduty" ? "202 Accepted" : "200 OK", '{"ok":true,"status":"success"}');
}

# Of Perl's modules, Debian's smallest package has none for this.
sub decode_base64 {
    my ($text) = @_;
    $text =~ tr#A-Za-z0-9+/##cd;
    $text =~ tr#A-Za-z0-9+/# -_#;
    return join "", map { unpack "u", chr(32 + int(length($_) * 3 / 4)) . $_ } $text =~ /(.{1,60})/gs;
}

sub serve_smtp {
    my ($client) = @_;
    my $say = sub { print $client "$_[0]\r\n" };
    my $authorization = "";
    $say->("220 sink");
    while (my $line = <$client>) {
        if ($line =~ /^EHLO/i) { $say->("250-sink"); $say->("250 AUTH LOGIN") }
        elsif ($line =~ /^AUTH LOGIN/i) {
            my @words;
            # "Username:" and "Password:"
            for my $prompt ("VXNlcm5hbWU6", "UGFzc3dvcmQ6") {
                $say->("334 $prompt");
                push @words, decode_base64(<$client> // "");
            }
            $authorization = join ":", @words;
            $say->("235 welcome");
        }
        elsif ($line =~ /^DATA/i) {
            $say->("354 go on");
            my $mail = "";
            while (my $text = <$client>) { last if $text =~ /^\.\r?$/; $mail .= $text }
            take("smtp", $authorization, $mail);
            $say->("250 taken");
        }
        elsif ($line =~ /^QUIT/i) { $say->("221 bye"); last }
        else { $say->("250 fine") }
    }
}

print "sink listens\n";
my $select = IO::Select->new($http, $smtp);
while (1) {
    for my $server ($select->can_read) {
        my $client = $server->accept or next;
        # Who says nothing must not keep the others waiting.
        eval {
            local $SIG{ALRM} = sub { die "slow\n" };
            alarm 5;
            $server == $http ? serve_http($client) : serve_smtp($client);
        };
        alarm 0;
        close $client;
    }
}
