package io.github.ticketcaravan.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {

    @Test
    void theCatalogueHasEveryParameterOfTheSpecificationAndNoOther() {
        assertThat(Arrays.stream(Parameter.values()).map(Parameter::apiName))
                .containsExactly(
                        "ticket",
                        "status",
                        "priority",
                        "department",
                        "sla",
                        "team",
                        "user",
                        "subject",
                        "tag_list",
                        "updated_at",
                        "reply_due_at",
                        "resolution_due_at",
                        "custom[fieldname]",
                        "contact_method",
                        "contact_method_data",
                        "contact_name",
                        "additional_contact_methods");
    }

    @ParameterizedTest
    @EnumSource
    void theApisOwnNameIsKnownAsItIs(Parameter parameter) {
        assertThat(Parameter.canonicalName(parameter.apiName())).contains(parameter.apiName());
        assertThat(Parameter.ofApiName(parameter.apiName())).isEqualTo(parameter);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "Reply due at, reply_due_at",
        "REPLY-DUE-AT, reply_due_at",
        "replydueat, reply_due_at",
        "'  Ticket ', ticket",
        "Tag\u00a0List, tag_list",
        "Additional Contact Methods, additional_contact_methods",
        "custom[Phone Number], custom[Phone Number]",
        "Custom[a-b_C], custom[a-b_C]",
        "' CUSTOM [ x ]', custom[ x ]",
        "custom.Phone Number, custom[Phone Number]",
        "CF.größe, custom[größe]",
        "cf[size], custom[size]",
        "custom[a.b], custom[a.b]",
        "custom.a[0], custom[a[0]]",
        "custom[], custom[]",
    })
    void writtenNamesAreTakenLeniently(String written, String canonical) {
        assertThat(Parameter.canonicalName(written)).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "statsu", "custom", "custom[a", "customs[a]", "[a]", ".a", "status[a]", "caravan.reason"})
    void otherNamesAreNoParameters(String written) {
        assertThat(Parameter.canonicalName(written)).isEmpty();
    }

    @ParameterizedTest(name = "{0} is near {1}")
    @CsvSource({
        "statsu, status",
        "Statuses, status",
        "prio, priority",
        "Reply_due, reply_due_at",
        "custon, custom[fieldname]",
        "custom field, custom[fieldname]",
        "contactmethods, contact_method",
        "tags, 'status, team, tag_list'",
    })
    void theNearestNamesAreThoseWithTheFewestEdits(String written, String nearest) {
        assertThat(String.join(", ", Parameter.nearest(written))).isEqualTo(nearest);
    }

    @Test
    void aVeryLongNameHasANearestOneToo() {
        assertThat(Parameter.nearest("x".repeat(10_000_000))).hasSizeBetween(1, 3);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "custom[], 'the custom field has no name: expected custom[name], the name being the field''s system name'",
        "'custom[ ]', 'the custom field has no name: expected custom[name], the name being the field''s system name'",
        "custom[a[b]], 'the custom field''s name has a bracket in it: expected custom[name], the name being the field''s"
                + " system name without brackets'",
        "'custom[a\tb]', 'the custom field''s name has a control character (a tab or line break, say) in it: expected the"
                + " field''s system name'",
    })
    void theNameOfACustomFieldMayBeWrong(String name, String message) {
        assertThat(Parameter.problemWithName(name)).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"custom[a b.ü]", "status"})
    void nothingIsWrongWithOtherNames(String name) {
        assertThat(Parameter.problemWithName(name)).isEmpty();
    }
}
