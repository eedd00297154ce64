package glasshouse.iotd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.time.LocalDate;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import org.xml.sax.InputSource;

class CatalogueTest {

    private final Catalogue catalogue = readCatalogue();

    private static Catalogue readCatalogue() {
        try {
            return new Catalogue(new ObjectMapper(), new ClassPathResource("catalogue.json"));
        } catch (IOException exception) {
            throw new AssertionError(exception);
        }
    }

    static Iterable<Artwork> artworks() {
        return readCatalogue().artworks();
    }

    @Test
    void idsAreUniqueAndFitIntoAPath() {
        assertThat(catalogue.artworks())
                .extracting(Artwork::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z0-9-]+"));
    }

    @Test
    void everyDayOfALeapYearHasAPictureThatCanBeFetched() {
        LocalDate newYear = LocalDate.of(2028, 1, 1);
        assertThat(newYear.datesUntil(newYear.plusYears(1)))
                .hasSize(366)
                .allSatisfy(
                        day -> {
                            String url = catalogue.imageOf(day).url();
                            String id = url.replaceAll("^/pictures/(.*)\\.svg$", "$1");
                            assertThat(catalogue.find(id)).isPresent();
                        });
    }

    @Test
    void theNextDayBringsAnotherPicture() {
        LocalDate day = LocalDate.of(2026, 11, 22);
        assertThat(catalogue.imageOf(day)).isNotEqualTo(catalogue.imageOf(day.plusDays(1)));
    }

    @ParameterizedTest
    @MethodSource("artworks")
    void everyPictureIsWellFormedAndAlwaysTheSame(Artwork artwork) throws Exception {
        var artist = new Artist();
        String svg = artist.draw(artwork);
        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(artist.draw(artwork)).isEqualTo(svg);
    }
}
