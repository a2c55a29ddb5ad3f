package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Reads the data file, or says where in it something is wrong and how to mend it. */
final class HelpDeskDataFile {

    private static final ObjectReader READER = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantDeserializer()))
            .build()
            .readerFor(HelpDeskData.class);

    private final Path file;

    private HelpDeskDataFile(Path file) {
        this.file = file;
    }

    static HelpDeskData read(Path file) throws SandboxDataException {
        try {
            String text = Files.readString(file);
            HelpDeskData data = text.isBlank() ? null : READER.readValue(text);
            if (data == null) {
                throw new SandboxDataException(
                        file + ": the file is empty; restore the one that was shipped as config/sandbox.yaml", null);
            }
            new HelpDeskDataFile(file).checkRelations(data);
            return data;
        } catch (NoSuchFileException e) {
            throw new SandboxDataException(
                    file + ": there is no such file; name the sandbox's data file (shipped as config/sandbox.yaml)", e);
        } catch (JsonProcessingException e) {
            throw new SandboxDataException(file + place(e) + ": " + reason(e) + "; mend that line and start again", e);
        } catch (IOException e) {
            throw new SandboxDataException(
                    file + ": cannot be read (" + e + "); check that it is a file you may read", e);
        }
    }

    private static String place(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String line = location == null || location.getLineNr() < 1
                ? ""
                : ", line " + location.getLineNr() + ", column " + location.getColumnNr();
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return line;
        }
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex() + 1).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return line + ", " + path;
    }

    /** In the operator's words: the library's speak of Java's types. */
    private static String reason(JsonProcessingException e) {
        if (e.getCause() instanceof IllegalArgumentException cause) {
            return String.valueOf(cause.getMessage());
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "'" + unknown.getPropertyName() + "' is not known here, but "
                    + new TreeSet<>(unknown.getKnownPropertyIds()) + " are";
        }
        if (e instanceof InvalidFormatException format) {
            Object[] choices = format.getTargetType().getEnumConstants();
            return "'" + format.getValue() + "' is not "
                    + (choices == null
                            ? described(format.getTargetType())
                            : "one of " + Arrays.toString(choices).toLowerCase(Locale.ROOT));
        }
        String message = e.getOriginalMessage();
        if (message.startsWith("Cannot map `null`")) {
            return "it is missing";
        }
        return e instanceof MismatchedInputException mismatched && mismatched.getTargetType() != null
                ? described(mismatched.getTargetType()) + " was expected"
                : message.lines().findFirst().orElse("not YAML").strip();
    }

    private static String described(Class<?> type) {
        if (type == String.class) {
            return "text";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        return type == int.class || type == Integer.class || type == long.class ? "a whole number" : "a list or map";
    }

    private void checkRelations(HelpDeskData data) {
        Set<Integer> brands = ids("brands", data.brands(), HelpDeskData.Brand::id, HelpDeskData.Brand::name);
        Set<Integer> users = ids("users", data.users(), HelpDeskData.User::id, HelpDeskData.User::username);
        Set<Integer> teams = ids("teams", data.teams(), HelpDeskData.Team::id, HelpDeskData.Team::name);
        Set<Integer> statuses = ids("statuses", data.statuses(), HelpDeskData.Status::id, HelpDeskData.Status::name);
        Set<Integer> priorities =
                ids("priorities", data.priorities(), HelpDeskData.Priority::id, HelpDeskData.Priority::name);
        Set<Integer> slas = ids("slas", data.slas(), HelpDeskData.Sla::id, HelpDeskData.Sla::name);
        Set<Integer> paths = ids(
                "escalation_paths",
                data.escalationPaths(),
                HelpDeskData.EscalationPath::id,
                HelpDeskData.EscalationPath::name);
        Set<Integer> departments =
                ids("departments", data.departments(), HelpDeskData.Department::id, HelpDeskData.Department::name);
        ids("custom_fields", data.customFields(), HelpDeskData.CustomField::id, HelpDeskData.CustomField::systemName);
        Set<Integer> customers = ids(
                "customers",
                data.customers(),
                HelpDeskData.CustomerEntry::id,
                customer -> String.valueOf(customer.id()));
        Set<Integer> contactMethods = ids(
                "contact_methods",
                data.contactMethods(),
                HelpDeskData.ContactMethodEntry::id,
                method -> String.valueOf(method.id()));
        ids("tickets", data.tickets(), HelpDeskData.TicketEntry::id, HelpDeskData.TicketEntry::reference);
        checkTokens(data);
        each("teams", data.teams(), (place, team) -> related(place + ".users", team.users(), users, "users"));
        each(
                "escalation_paths",
                data.escalationPaths(),
                (place, path) -> related(place + ".teams", path.teams(), teams, "teams"));
        each("departments", data.departments(), (place, department) -> {
            related(place + ".brand", List.of(department.brand()), brands, "brands");
            related(place + ".escalation_path", List.of(department.escalationPath()), paths, "escalation_paths");
        });
        each("contact_methods", data.contactMethods(), (place, method) -> {
            related(place + ".customer", List.of(method.customer()), customers, "customers");
            check(
                    ContactAddress.read(method.methodType(), method.data()) != null,
                    place + ".data",
                    "'" + method.data() + "' is no valid " + method.methodType().json(),
                    "write a full address or an international number");
        });
        each("tickets", data.tickets(), (place, ticket) -> {
            related(place + ".status", List.of(ticket.status()), statuses, "statuses");
            related(place + ".priority", List.of(ticket.priority()), priorities, "priorities");
            related(place + ".department", List.of(ticket.department()), departments, "departments");
            related(place + ".team", optional(ticket.team()), teams, "teams");
            related(place + ".user", optional(ticket.user()), users, "users");
            related(place + ".sla", optional(ticket.sla()), slas, "slas");
            related(place + ".contact_method", List.of(ticket.contactMethod()), contactMethods, "contact_methods");
            related(
                    place + ".additional_contact_methods",
                    ticket.additionalContactMethods(),
                    contactMethods,
                    "contact_methods");
            checkAssignment(data, place, ticket);
        });
    }

    private void checkTokens(HelpDeskData data) {
        Set<String> tokens = new HashSet<>();
        each("tokens", data.tokens(), (place, token) -> {
            check(tokens.add(token.token()), place, "the token is there twice", "give each its own");
            check(
                    token.user() == null
                            || data.users().stream()
                                    .anyMatch(user -> user.username().equals(token.user())),
                    place + ".user",
                    "'" + token.user() + "' is no user's username",
                    "name one of the list users");
            check(
                    Methods.names().containsAll(token.methods()),
                    place + ".methods",
                    "there is an unknown method among " + token.methods(),
                    "use some of " + Methods.names());
            for (String address : token.addresses()) {
                try {
                    AddressBlock.parse(address);
                } catch (IllegalArgumentException e) {
                    throw new SandboxDataException(
                            at(
                                    place + ".addresses",
                                    "'" + address + "' is no address",
                                    "write 192.0.2.1 or 192.0.2.0/24"),
                            e);
                }
            }
        });
    }

    private void checkAssignment(HelpDeskData data, String place, HelpDeskData.TicketEntry ticket) {
        int pathId = data.departments().stream()
                .filter(department -> department.id() == ticket.department())
                .findFirst()
                .orElseThrow()
                .escalationPath();
        check(
                ticket.team() == null
                        || data.escalationPaths().stream()
                                .anyMatch(path ->
                                        path.id() == pathId && path.teams().contains(ticket.team())),
                place + ".team",
                "team " + ticket.team() + " is not in the escalation path of department " + ticket.department(),
                "choose one of escalation path " + pathId);
        check(
                ticket.user() == null
                        || data.teams().stream()
                                .anyMatch(team -> ticket.team() != null
                                        && team.id() == ticket.team()
                                        && team.users().contains(ticket.user())),
                place + ".user",
                "user " + ticket.user() + " is not in team " + ticket.team(),
                "choose one of that team");
        for (String name : ticket.customFields().keySet()) {
            check(
                    data.customFields().stream()
                            .anyMatch(field -> field.systemName().equals(name)),
                    place + ".custom_fields",
                    "'" + name + "' is no system name of a custom field",
                    "use one of the list custom_fields");
        }
    }

    private <T> Set<Integer> ids(String list, List<T> entries, ToIntFunction<T> id, Function<T, String> name) {
        Set<Integer> ids = new HashSet<>();
        Set<String> names = new HashSet<>();
        each(list, entries, (place, entry) -> {
            check(ids.add(id.applyAsInt(entry)), place + ".id", "the ID is there twice", "give each its own");
            check(
                    names.add(name.apply(entry).strip().toLowerCase(Locale.ROOT)),
                    place,
                    "the name '" + name.apply(entry) + "' is there twice",
                    "give each its own");
        });
        return ids;
    }

    private void related(String place, List<Integer> ids, Set<Integer> known, String list) {
        for (Integer id : ids) {
            check(known.contains(id), place, id + " is no ID of the list " + list, "use one that is there");
        }
    }

    private static List<Integer> optional(@Nullable Integer id) {
        return id == null ? List.of() : List.of(id);
    }

    private void check(boolean holds, String place, String problem, String remedy) {
        if (!holds) {
            throw new SandboxDataException(at(place, problem, remedy), null);
        }
    }

    private String at(String place, String problem, String remedy) {
        return file + ", " + place + ": " + problem + "; " + remedy;
    }

    private static <T> void each(String list, List<T> entries, PlacedConsumer<T> consumer) {
        for (int i = 0; i < entries.size(); i++) {
            consumer.accept(list + "[" + (i + 1) + "]", entries.get(i));
        }
    }

    private interface PlacedConsumer<T> {
        void accept(String place, T entry);
    }

    private static final class InstantDeserializer extends StdScalarDeserializer<Instant> {

        private static final long serialVersionUID = 1L;

        InstantDeserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(parser.getText());
            } catch (DateTimeParseException e) {
                throw JsonMappingException.from(
                        parser, "'" + parser.getText() + "' is no time such as 2012-02-03T12:00:12Z", e);
            }
        }
    }
}
