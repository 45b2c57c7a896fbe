package dev.sightline.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point downwards only; services meet in topics and collections. */
@AnalyzeClasses(packages = "dev.sightline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] SERVICES = {
        "dev.sightline.ingest..", "dev.sightline.embed..", "dev.sightline.search..", "dev.sightline.trainer.."
    };

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.sightline.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule INGEST_KNOWS_NO_OTHER_SERVICE = noClasses()
            .that()
            .resideInAPackage(SERVICES[0])
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES[1], SERVICES[2], SERVICES[3]);

    @ArchTest
    static final ArchRule EMBED_KNOWS_NO_OTHER_SERVICE = noClasses()
            .that()
            .resideInAPackage(SERVICES[1])
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES[0], SERVICES[2], SERVICES[3]);

    @ArchTest
    static final ArchRule SEARCH_KNOWS_NO_OTHER_SERVICE = noClasses()
            .that()
            .resideInAPackage(SERVICES[2])
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES[0], SERVICES[1], SERVICES[3]);

    @ArchTest
    static final ArchRule THE_PORT_KNOWS_NO_ADAPTER = noClasses()
            .that()
            .resideInAPackage("dev.sightline.index")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sightline.index.lucene..", "org.apache.lucene..", "io.milvus..");

    @ArchTest
    static final ArchRule THE_DOMAIN_KNOWS_NO_FRAMEWORK = noClasses()
            .that()
            .resideInAPackage("dev.sightline.domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "ai.djl..", "org.apache.lucene..");
}
