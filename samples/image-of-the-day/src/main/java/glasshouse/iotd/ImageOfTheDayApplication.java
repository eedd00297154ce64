package glasshouse.iotd;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
@ConfigurationPropertiesScan
public class ImageOfTheDayApplication {

    public static void main(String[] args) {
        SpringApplication.run(ImageOfTheDayApplication.class, args);
    }

    /** A day begins at midnight UTC, so that every host shows the same picture. */
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
