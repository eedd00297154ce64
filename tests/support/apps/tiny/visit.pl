# Visits http://$ARGV[0]/ for $ARGV[1] seconds, each time at the next address behind the name, and at the one after where
# that does not answer. Ends early on SIGTERM. Prints how often it
# visited, how often an address did not answer, and how often none did.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(inet_ntoa);

my ($name, $seconds) = @ARGV;
my $end = time + $seconds;
$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { $end = 0 };
my ($visits, $retried, $lost) = (0, 0, 0);

sub ask {
    my $socket = IO::Socket::INET->new(PeerAddr => $_[0], PeerPort => 80, Timeout => 1) or return 0;
    print $socket "GET / HTTP/1.1\r\nHost: $name\r\n\r\n";
    local $/;
    my $answer = <$socket>;
    return defined $answer && $answer =~ /tiny_answers_total \d+\n\z/;
}

while (time < $end) {
    my (undef, undef, undef, undef, @addresses) = gethostbyname($name);
    push @addresses, splice @addresses, 0, $visits % @addresses if @addresses;
    my $answered = 0;
    for my $address (map { inet_ntoa($_) } @addresses) {
        last if $answered = ask($address);
        $retried++;
    }
    $visits++;
    $lost++ unless $answered;
    select undef, undef, undef, 0.02;
}
print "visits $visits retried $retried lost $lost\n";
