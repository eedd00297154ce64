package glasshouse.iotd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageServiceTest {

    private static final Image FROM_CATALOGUE = new Image("/pictures/a.svg", "A", "Glasshouse");
    private static final Image FROM_SOURCE = new Image("https://example.org/b.jpg", "B", null);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Clock clock = mock(Clock.class);
    private final Catalogue catalogue = mock(Catalogue.class);
    private final ImageSource source = mock(ImageSource.class);
    private final ImageService service = new ImageService(catalogue, source, clock, registry);

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @BeforeEach
    void setUp() {
        when(clock.instant()).thenAnswer(call -> now);
        when(catalogue.imageOf(any())).thenReturn(FROM_CATALOGUE);
    }

    private double count(String status) {
        return registry.get(ImageService.LOAD_COUNTER).tag("status", status).counter().count();
    }

    @Test
    void bothSeriesExistBeforeTheFirstCall() {
        assertThat(count("success")).isZero();
        assertThat(count("cached")).isZero();
    }

    @Test
    void theFirstCallLoadsAndTheNextOnesAreCached() {
        for (int call = 0; call < 5; call++) {
            assertThat(service.imageOfTheDay()).isEqualTo(FROM_CATALOGUE);
        }
        assertThat(count("success")).isEqualTo(1);
        assertThat(count("cached")).isEqualTo(4);
    }

    @Test
    void midnightUtcBringsTheNextPicture() {
        now = Instant.parse("2026-03-01T23:59:59Z");
        service.imageOfTheDay();
        service.imageOfTheDay();
        now = Instant.parse("2026-03-02T00:00:00Z");
        service.imageOfTheDay();

        assertThat(count("success")).isEqualTo(2);
        verify(catalogue).imageOf(LocalDate.of(2026, 3, 1));
        verify(catalogue).imageOf(LocalDate.of(2026, 3, 2));
    }

    @Test
    void aConfiguredSourceIsAskedOnceADay() {
        when(source.isConfigured()).thenReturn(true);
        when(source.fetch()).thenReturn(Optional.of(FROM_SOURCE));

        assertThat(service.imageOfTheDay()).isEqualTo(FROM_SOURCE);
        now = now.plus(Duration.ofHours(11));
        assertThat(service.imageOfTheDay()).isEqualTo(FROM_SOURCE);
        verify(source, times(1)).fetch();
    }

    @Test
    void theCatalogueStandsInForABrokenSourceUntilItIsAskedAgain() {
        when(source.isConfigured()).thenReturn(true);
        when(source.fetch()).thenReturn(Optional.empty()).thenReturn(Optional.of(FROM_SOURCE));

        assertThat(service.imageOfTheDay()).isEqualTo(FROM_CATALOGUE);
        now = now.plus(Duration.ofMinutes(9));
        assertThat(service.imageOfTheDay()).isEqualTo(FROM_CATALOGUE);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(service.imageOfTheDay()).isEqualTo(FROM_SOURCE);
        assertThat(count("success") + count("cached")).isEqualTo(3);
    }
}
