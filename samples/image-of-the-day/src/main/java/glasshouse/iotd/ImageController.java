package glasshouse.iotd;

import io.micrometer.core.annotation.Timed;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ImageController {

    private static final MediaType SVG = MediaType.parseMediaType("image/svg+xml");

    private final ImageService images;
    private final Catalogue catalogue;
    private final Artist artist;

    ImageController(ImageService images, Catalogue catalogue, Artist artist) {
        this.images = images;
        this.catalogue = catalogue;
        this.artist = artist;
    }

    @Timed
    @GetMapping("/image")
    Image image() {
        return images.imageOfTheDay();
    }

    @GetMapping("/pictures/{id}.svg")
    ResponseEntity<String> picture(@PathVariable String id) {
        return catalogue
                .find(id)
                .map(
                        artwork ->
                                ResponseEntity.ok()
                                        .contentType(SVG)
                                        .cacheControl(CacheControl.maxAge(Duration.ofHours(1)))
                                        .body(artist.draw(artwork)))
                .orElseGet(() -> ResponseEntity.notFound().build());
    }
}
