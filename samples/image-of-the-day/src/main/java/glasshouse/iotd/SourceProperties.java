package glasshouse.iotd;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * An optional source in the style of NASA's "Astronomy Picture of the Day".
 *
 * @param url address to ask, or empty to use the catalogue alone
 * @param apiKey sent as the query parameter {@code api_key}, unless empty
 */
@ConfigurationProperties("image.source")
record SourceProperties(String url, String apiKey) {

    boolean isConfigured() {
        return !url.isBlank();
    }
}
