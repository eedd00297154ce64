package glasshouse.iotd;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactorySettings;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.util.UriComponentsBuilder;

/** Asks the configured source on the internet, if there is one. */
@Component
class ImageSource {

    private static final Logger log = LoggerFactory.getLogger(ImageSource.class);
    // Below the 5 s that the gallery waits, so that a slow source still leaves time for the catalogue.
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

    private record Answer(String url, String title, String copyright) {}

    private final SourceProperties properties;
    private final RestClient client;

    ImageSource(SourceProperties properties) {
        this.properties = properties;
        this.client =
                RestClient.builder()
                        .requestFactory(
                                ClientHttpRequestFactoryBuilder.simple()
                                        .build(
                                                ClientHttpRequestFactorySettings.defaults()
                                                        .withConnectTimeout(CONNECT_TIMEOUT)
                                                        .withReadTimeout(READ_TIMEOUT)))
                        .build();
    }

    boolean isConfigured() {
        return properties.isConfigured();
    }

    /** The source's picture of today, or nothing when it is out of reach or answers none. */
    Optional<Image> fetch() {
        try {
            var address = UriComponentsBuilder.fromUriString(properties.url());
            if (!properties.apiKey().isBlank()) {
                address.queryParam("api_key", properties.apiKey());
            }
            Answer answer = client.get().uri(address.build().toUri()).retrieve().body(Answer.class);
            if (answer == null || answer.url() == null) {
                log.warn("The image source answered no picture");
                return Optional.empty();
            }
            return Optional.of(new Image(answer.url(), answer.title(), answer.copyright()));
        } catch (RestClientException | IllegalArgumentException exception) {
            // Only its kind: the message repeats the address, and with it the API key.
            log.warn("The image source failed: {}", exception.getClass().getSimpleName());
            return Optional.empty();
        }
    }
}
