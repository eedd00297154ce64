# Packs orders, one after the other, as they come in. It listens on no port and has no metrics.
use strict;
use warnings;
use Shop;

$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$| = 1;

# Its health check looks at how old this file is: a worker that hangs does not write it.
sub show_life {
    open my $file, '>', '/tmp/alive' or die "/tmp/alive: $!\n";
    close $file or die "/tmp/alive: $!\n";
}

my $database = Shop::connect_database();
my $queue = Shop::connect_queue();
print "ready to pack\n";
while (1) {
    show_life();
    # A second, so that a stop is noticed soon.
    my $found = Shop::ask_queue($queue, 'BRPOP', 'orders', 1) or next;
    $database->do('UPDATE orders SET packed = true WHERE id = ?', undef, $found->[1]);
    print "packed order $found->[1]\n";
}
