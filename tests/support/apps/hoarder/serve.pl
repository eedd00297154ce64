# Appends a line to /data/visits with every request, and answers how many there are.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_RCVTIMEO);

$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 16, ReuseAddr => 1) or die "port 80: $!\n";

sub count_visits {
    open my $file, '<', '/data/visits' or return 0;
    my @lines = <$file>;
    return scalar @lines;
}

while (1) {
    my $client = $server->accept or next;
    # Go opens a connection in reserve, which asks nothing for minutes.
    setsockopt($client, SOL_SOCKET, SO_RCVTIMEO, pack('l!l!', 1, 0)) or die "time-out: $!\n";
    my $request = <$client> // '';
    while (my $line = <$client>) { last if $line =~ /^\r?$/ }
    if ($request =~ m{^GET /visit }) {
        open my $file, '>>', '/data/visits' or die "/data/visits: $!\n";
        print $file "visit\n";
        close $file or die "/data/visits: $!\n";
    }
    my $body = "# TYPE hoarder_visits gauge\nhoarder_visits " . count_visits() . "\n";
    print $client join("\r\n", "HTTP/1.1 200 OK", "Content-Length: " . length($body), "Connection: close", "", $body);
    close $client;
}
