package glasshouse.iotd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpStatus;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureObservability(tracing = false)
class ImageOfTheDayApplicationTest {

    @Autowired private TestRestTemplate http;

    @Test
    void eachRequestGrowsTheLoadsByOne() {
        double before = loads();
        for (int request = 0; request < 7; request++) {
            http.getForObject("/image", Image.class);
        }
        assertThat(loads() - before).isEqualTo(7);
        assertThat(metrics())
                .contains("iotd_api_image_load_total{status=\"success\"} 1.0")
                .containsPattern("http_server_requests_seconds_count\\{.*uri=\"/image\"");
    }

    @Test
    void theMethodBehindAnImageIsTimed() {
        http.getForObject("/image", Image.class);
        assertThat(metrics())
                .containsPattern(
                        "method_timed_seconds_count\\{class=\"glasshouse.iotd.ImageController\",exception=\"none\",method=\"image\"\\} [1-9]");
    }

    @Test
    void thePictureOfTheDayCanBeFetched() {
        Image image = http.getForObject("/image", Image.class);
        var picture = http.getForEntity(image.url(), String.class);
        assertThat(picture.getHeaders().getContentType()).hasToString("image/svg+xml");
        assertThat(picture.getBody()).startsWith("<svg ");
        assertThat(http.getForEntity("/pictures/none.svg", String.class).getStatusCode())
                .isEqualTo(HttpStatus.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jvm_memory_used_bytes{", "tomcat_threads_current_threads{"})
    void theRuntimeIsMeasured(String series) {
        assertThat(metrics()).contains(series);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness"})
    void theHealthPagesAnswer(String path) {
        assertThat(http.getForEntity(path, String.class).getStatusCode()).isEqualTo(HttpStatus.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/env", "/actuator/beans", "/actuator/heapdump"})
    void nothingElseOfActuatorIsExposed(String path) {
        assertThat(http.getForEntity(path, String.class).getStatusCode())
                .isEqualTo(HttpStatus.NOT_FOUND);
    }

    private String metrics() {
        return http.getForObject("/actuator/prometheus", String.class);
    }

    private double loads() {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("iotd_api_image_load_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }
}
