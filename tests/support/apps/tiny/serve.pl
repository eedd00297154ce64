# Answers every request with how many it has answered and, like the chapter's access-log, names no Content-Type.
# CRASH is what it says before it ends with an error instead; ANSWER is what is wrong with its answers (see below). With METRICS_PORT,
# measurements are at that port only.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

$| = 1;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';
die "$ENV{CRASH}\n" if $ENV{CRASH};

sub open_port {
    my ($port) = @_;
    return IO::Socket::INET->new(LocalPort => $port, Listen => 16, ReuseAddr => 1) || die "port $port: $!\n";
}

my $shop = open_port(80);
my $office = $ENV{METRICS_PORT} ? open_port($ENV{METRICS_PORT}) : undef;
my $ports = IO::Select->new($shop, $office // ());
print "tiny listens\n";
my $answers = 0;

sub answer {
    my ($client, $body, @headers) = @_;
    my $length = "Content-Length: " . length($body);
    print $client join("\r\n", "HTTP/1.1 200 OK", $length, "Connection: close", @headers, "", $body);
}

# By a name of its own, and by the one that is usual.
sub measurement {
    return "# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} $answers\n"
        . "# TYPE tiny_answers_total counter\ntiny_answers_total $answers\n";
}

my %answer = (
    good => sub { answer($_[0], measurement()) },
    # Longer than any scrape of the tests may take.
    slow => sub { sleep 30; answer($_[0], measurement()) },
    # One measurement, and then more than anybody wants to read: 300 MB of comments.
    long => sub {
        print { $_[0] } "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", measurement();
        my $comment = "# " . "x" x 1_048_573 . "\n";
        for (1 .. 300) { print { $_[0] } $comment or last }
    },
    # 300,000 series, in 12 MB.
    many => sub {
        print { $_[0] } "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
        for my $thousand (0 .. 299) {
            my $lines = join "", map { "tiny_visits_total{visitor=\"$thousand-$_\"} 1\n" } 0 .. 999;
            print { $_[0] } $lines or last;
        }
    },
    page => sub { answer($_[0], "<!doctype html><title>Shop</title><h1>Welcome</h1>\n", "Content-Type: text/html") },
    mislabelled => sub { answer($_[0], measurement(), "Content-Type: application/json") },
    binary => sub { answer($_[0], pack("C*", map { ($_ * 7 + 129) % 256 } 0 .. 4095)) },
    # Promises more than it sends, and keeps the connection open.
    half => sub {
        print { $_[0] } "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n# TYPE tiny_answers_total counter\n";
        sleep 30;
    },
);
my $kind = $ENV{ANSWER} || "good";
my $send = $answer{$kind} or die "ANSWER is one of: " . join(", ", sort keys %answer) . "\n";

while (1) {
    for my $server ($ports->can_read) {
        my $client = $server->accept or next;
        # Prometheus keeps a connection that came too late for its scrape, and asks nothing on it.
        vec(my $asking = "", fileno $client, 1) = 1;
        select($asking, undef, undef, 1) or next;
        while (my $line = <$client>) { last if $line =~ /^\r?$/ }
        $answers++;
        if ($office && $server == $shop) { answer($client, "open\n") }
        else { $send->($client) }
        close $client;
    }
}
