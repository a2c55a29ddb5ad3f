package io.github.ticketcaravan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The map of directions: which package may know which. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    static final String ROOT = "io.github.ticketcaravan";

    /** Each package with the ones it may know; a new package has to be given its place here. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            entry("update", Set.of()),
            entry("settings", Set.of()),
            entry("sandbox", Set.of()),
            entry("files", Set.of()),
            entry("csv", Set.of("update", "settings", "files")),
            entry("mail", Set.of("update", "settings")),
            entry("queue", Set.of("update", "settings")),
            entry("delivery", Set.of("update", "settings")),
            entry("ledger", Set.of("update", "delivery", "files")),
            entry("replay", Set.of("update", "ledger")),
            entry(
                    "wiring",
                    Set.of("update", "settings", "csv", "mail", "queue", "delivery", "ledger", "replay", "files")),
            entry(
                    "cli",
                    Set.of(
                            "update",
                            "settings",
                            "csv",
                            "mail",
                            "queue",
                            "delivery",
                            "ledger",
                            "replay",
                            "files",
                            "wiring",
                            "sandbox")));

    @ArchTest
    static void everyPackageHasItsPlaceOnTheMap(JavaClasses all) {
        assertThat(packages(all).map(JavaPackage::getRelativeName))
                .containsExactlyInAnyOrderElementsOf(MAY_KNOW.keySet());
    }

    @ArchTest
    static void aPackageKnowsOnlyThoseItMay(JavaClasses all) {
        MAY_KNOW.forEach((name, others) -> {
            String[] known = Stream.concat(others.stream(), Stream.of(name))
                    .map(other -> ROOT + "." + other)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + name)
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(known))))
                    .because(name + " may know only " + new TreeSet<>(others))
                    .check(all);
        });
    }

    @ArchTest
    static final ArchRule noTwoPackagesKnowEachOther =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyWiringAndCommandsSpeakCamel = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".wiring..", ROOT + ".cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule onlyMailAndWiringSpeakJakartaMail = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".mail..", ROOT + ".wiring..")
            .and()
            .doNotHaveSimpleName("DemoMail")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.mail..");

    @ArchTest
    static final ArchRule updatesNeedNothingButTheJdk = classes()
            .that()
            .resideInAPackage(ROOT + ".update..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", ROOT + ".update..");

    @ArchTest
    static void everyPackageSaysWhatMayBeNull(JavaClasses all) {
        Set<String> unmarked = packages(all)
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toSet());

        assertThat(unmarked)
                .as("packages without a package-info.java with @NullMarked")
                .isEmpty();
    }

    private static Stream<JavaPackage> packages(JavaClasses all) {
        return all.stream().map(each -> each.getPackage()).distinct();
    }
}
