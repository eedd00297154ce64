package glasshouse.iotd;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Loads the picture of the day once a day and answers from its cache in between. */
@Service
class ImageService {

    static final String LOAD_COUNTER = "iotd_api_image_load";

    private static final Duration SOURCE_RETRY_INTERVAL = Duration.ofMinutes(10);

    private record Cached(Image image, Instant expires) {}

    private final Catalogue catalogue;
    private final ImageSource source;
    private final Clock clock;
    private final Counter loads;
    private final Counter cacheHits;
    private Cached cached;

    ImageService(Catalogue catalogue, ImageSource source, Clock clock, MeterRegistry registry) {
        this.catalogue = catalogue;
        this.source = source;
        this.clock = clock;
        // Both from the start, so that a rate sees even the first load.
        this.loads = loadCounter(registry, "success");
        this.cacheHits = loadCounter(registry, "cached");
    }

    /** Today's picture. Each call counts exactly once, either as a load or as served from the cache. */
    synchronized Image imageOfTheDay() {
        if (cached != null && clock.instant().isBefore(cached.expires())) {
            cacheHits.increment();
            return cached.image();
        }
        cached = load();
        loads.increment();
        return cached.image();
    }

    private Cached load() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Instant tomorrow = today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        if (!source.isConfigured()) {
            return new Cached(catalogue.imageOf(today), tomorrow);
        }
        Optional<Image> fetched = source.fetch();
        if (fetched.isPresent()) {
            return new Cached(fetched.get(), tomorrow);
        }
        Instant retry = now.plus(SOURCE_RETRY_INTERVAL);
        return new Cached(catalogue.imageOf(today), retry.isBefore(tomorrow) ? retry : tomorrow);
    }

    private static Counter loadCounter(MeterRegistry registry, String status) {
        return Counter.builder(LOAD_COUNTER)
                .description("Answers of GET /image, by whether the picture was loaded or cached.")
                .tag("status", status)
                .register(registry);
    }
}
