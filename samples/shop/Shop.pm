# How the shop's own programs reach its database and its queue.
package Shop;

use strict;
use warnings;
use DBI;
use IO::Socket::INET;

sub connect_database {
    my $host = $ENV{DATABASE_HOST} // 'db';
    my $options = { RaiseError => 1, PrintError => 0, AutoCommit => 1 };
    return DBI->connect("dbi:Pg:dbname=shop;host=$host;connect_timeout=3", 'shop', read_password(), $options);
}

sub read_password {
    my $path = $ENV{DATABASE_PASSWORD_FILE} // return $ENV{DATABASE_PASSWORD};
    open my $file, '<', $path or die "$path: $!\n";
    chomp(my $password = <$file> // '');
    return $password;
}

sub connect_queue {
    my $host = $ENV{QUEUE_HOST} // 'cache';
    return IO::Socket::INET->new(PeerAddr => $host, PeerPort => 6379, Timeout => 3) // die "$host:6379: $@\n";
}

# Sends a command to Valkey and returns its answer; a list as a reference.
# @see https://valkey.io/topics/protocol/
sub ask_queue {
    my ($queue, @words) = @_;
    print $queue '*' . @words . "\r\n", map { '$' . length($_) . "\r\n$_\r\n" } @words;
    $queue->flush;
    return read_answer($queue);
}

sub read_answer {
    my ($queue) = @_;
    my $line = <$queue> // die "the queue has gone\n";
    $line =~ s/\r\n\z//;
    my ($type, $rest) = (substr($line, 0, 1), substr($line, 1));
    die "the queue answers: $rest\n" if $type eq '-';
    return $rest if $type eq '+' or $type eq ':';
    return undef if $rest < 0;
    return [map { read_answer($queue) } 1 .. $rest] if $type eq '*';
    read($queue, my $text, $rest + 2);
    return substr($text, 0, $rest);
}

1;
