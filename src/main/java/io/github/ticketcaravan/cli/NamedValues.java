package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.update.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Arguments {@code NAME=VALUE} that stand for parameters of an update. */
final class NamedValues {

    private NamedValues() {}

    /**
     * In the order given, under the API's names.
     *
     * @throws ParameterException if one is of another form, names no parameter, or comes twice
     */
    static Map<String, String> of(List<String> arguments, CommandLine command) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(
                        command, "'" + argument + "': expected NAME=VALUE, such as status=Resolved");
            }
            String name = name(argument.substring(0, equals), command);
            if (values.put(name, argument.substring(equals + 1)) != null) {
                throw new ParameterException(command, "'" + name + "' is given twice: give it once");
            }
        }
        return values;
    }

    static String name(String written, CommandLine command) {
        return Parameter.canonicalName(written)
                .orElseThrow(() -> new ParameterException(
                        command,
                        "'" + written + "' is no parameter of a ticket update; did you mean "
                                + String.join(" or ", Parameter.nearest(written)) + "?"));
    }
}
