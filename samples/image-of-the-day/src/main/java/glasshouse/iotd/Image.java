package glasshouse.iotd;

/** What {@code GET /image} answers. A {@code url} that starts with a slash is a path on this service. */
public record Image(String url, String caption, String copyright) {}
