//! The schema as a committed file: what a newcomer reads instead of adding up migrations.

const HEAD: &str = "\
-- The schema after all migrations, for reading. Made by `cargo xtask sqlx`, compared by `cargo xtask check`;
-- to change it, add a migration.
";

/// What pg_dump wrote, without what differs from run to run and from version to version: its version, its random
/// `\\restrict` keys, the settings of the session that would load it, and runs of empty lines.
pub fn tidy(dump: &str) -> String {
    let mut tidy = HEAD.to_owned();
    let mut empty = false;
    for line in dump.lines().filter(|line| !is_noise(line)) {
        if line.is_empty() {
            empty = true;
            continue;
        }
        if empty {
            tidy.push('\n');
            empty = false;
        }
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

fn is_noise(line: &str) -> bool {
    const STARTS: [&str; 6] = [
        "-- Dumped ",
        "-- PostgreSQL database dump",
        "\\restrict ",
        "\\unrestrict ",
        "SET ",
        "SELECT pg_catalog.set_config(",
    ];
    line == "--" || STARTS.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_migrations_decide_is_left() {
        let dump = "--\n-- PostgreSQL database dump\n--\n\n\\restrict Ab1\n\n-- Dumped from database version 15.18\n\
                    SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n\
                    --\n-- Name: realms; Type: TABLE; Schema: public; Owner: -\n--\n\n\n\
                    CREATE TABLE public.realms (\n    id uuid NOT NULL\n);\n\n\n--\n-- PostgreSQL database dump complete\n\
                    --\n\n\\unrestrict Ab1\n\n";
        let expected = format!(
            "{HEAD}\n-- Name: realms; Type: TABLE; Schema: public; Owner: -\n\nCREATE TABLE public.realms (\n    id uuid \
             NOT NULL\n);\n"
        );
        assert_eq!(tidy(dump), expected);
    }
}
