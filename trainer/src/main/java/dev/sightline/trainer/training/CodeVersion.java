package dev.sightline.trainer.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which code this is, as the build wrote it down. */
final class CodeVersion {
    private CodeVersion() {}

    /** The commit, with {@code -changed} behind it if files were; {@code unknown} where it was not built from Git. */
    static String commit() {
        try (InputStream written = CodeVersion.class.getResourceAsStream("git.properties")) {
            var properties = new Properties();
            if (written != null) {
                properties.load(written);
            }
            return properties.getProperty("git.commit.id.describe", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what the build wrote of its commit", e);
        }
    }
}
