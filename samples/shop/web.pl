# Takes orders: each becomes a row of the database and an entry of the queue.
use strict;
use warnings;
use IO::Socket::INET;
use Shop;

$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';
$| = 1;

# Both have to be there: the stack file says so by `after`, and a start that was too early is tried again.
Shop::connect_database()->do(
    'CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, item text NOT NULL, packed boolean NOT NULL DEFAULT false)');
Shop::ask_queue(Shop::connect_queue(), 'PING');

my %requests;
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die "port 80: $!\n";
print "the shop is open\n";

sub count_orders {
    my ($packed) = @_;
    return Shop::connect_database()->selectrow_array('SELECT count(*) FROM orders WHERE packed = ?', undef, $packed);
}

sub place_order {
    my ($item) = @_;
    my ($id) = Shop::connect_database()->selectrow_array('INSERT INTO orders (item) VALUES (?) RETURNING id', undef, $item);
    Shop::ask_queue(Shop::connect_queue(), 'LPUSH', 'orders', $id);
    return "order $id: $item\n";
}

sub render_metrics {
    my @lines = ('# HELP shop_requests_total Requests by path.', '# TYPE shop_requests_total counter');
    push @lines, map { qq(shop_requests_total{path="$_"} $requests{$_}) } sort keys %requests;
    push @lines, '# HELP shop_orders Orders in the database.', '# TYPE shop_orders gauge';
    push @lines, 'shop_orders{state="new"} ' . count_orders('false'), 'shop_orders{state="packed"} ' . count_orders('true');
    return join("\n", @lines) . "\n";
}

sub answer {
    my ($path, $query) = @_;
    return render_metrics() if $path eq '/metrics';
    $requests{$path}++ if $path eq '/' or $path eq '/order';
    return place_order($query =~ /item=([\w-]+)/ ? $1 : 'tea') if $path eq '/order';
    return count_orders('false') . ' orders to pack, ' . count_orders('true') . " packed\n" if $path eq '/' or $path eq '/healthz';
    return undef;
}

while (1) {
    my $client = $server->accept or next;
    my ($path, $query) = (<$client> // '') =~ m{^(?:GET|POST) ([^ ?]*)\??(\S*)};
    while (my $line = <$client>) { last if $line =~ /^\r?$/ }
    my $body = eval { answer($path // '', $query // '') };
    my $status = defined $body ? '200 OK' : $@ ? '503 Service Unavailable' : '404 Not Found';
    print "$status: $@" if $@;
    $body //= $@ || "not found\n";
    print $client join("\r\n", "HTTP/1.1 $status", 'Content-Type: text/plain; version=0.0.4',
        'Content-Length: ' . length($body), 'Connection: close', '', $body);
    close $client;
}
