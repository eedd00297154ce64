# Answers every request with one measurement and, like the chapter's access-log, names no Content-Type.
# CRASH is what it says before it ends with an error instead.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
die "$ENV{CRASH}\n" if $ENV{CRASH};

my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 16, ReuseAddr => 1) or die "port 80: $!\n";
print "tiny listens\n";
my $answers = 0;
while (1) {
    my $client = $server->accept or next;
    while (my $line = <$client>) { last if $line =~ /^\r?$/ }
    $answers++;
    my $body = "# TYPE tiny_answers_total counter\ntiny_answers_total $answers\n";
    print $client "HTTP/1.1 200 OK\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    close $client;
}
