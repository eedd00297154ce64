package glasshouse.iotd;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** The pictures that come with the service, so that it needs no internet. */
@Component
class Catalogue {

    private static final String COPYRIGHT = "Glasshouse";

    private final List<Artwork> artworks;

    Catalogue(ObjectMapper json, @Value("classpath:catalogue.json") Resource resource)
            throws IOException {
        try (var stream = resource.getInputStream()) {
            artworks = json.readValue(stream, new TypeReference<List<Artwork>>() {});
        }
    }

    List<Artwork> artworks() {
        return artworks;
    }

    Image imageOf(LocalDate day) {
        Artwork artwork = artworks.get((day.getDayOfYear() - 1) % artworks.size());
        return new Image("/pictures/" + artwork.id() + ".svg", artwork.caption(), COPYRIGHT);
    }

    Optional<Artwork> find(String id) {
        return artworks.stream().filter(artwork -> artwork.id().equals(id)).findFirst();
    }
}
