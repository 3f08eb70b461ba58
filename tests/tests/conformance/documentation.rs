//! `docs/oidc-conformance.md` lists exactly the tests that there are.

use std::{collections::BTreeSet, env, fmt::Write, process::Command};

use super::{
    plans::{ALL, Plan},
    variant::Registration,
};

const PAGE: &str = include_str!("../../../docs/oidc-conformance.md");
const BEGIN: &str = "<!-- the tables begin -->\n";
const END: &str = "<!-- the tables end -->\n";

/// The suite's name of a module.
fn suite_name(module: &str) -> String {
    match module {
        "redirect_uri_query_ok" => "oidcc-redirect-uri-query-OK".to_owned(),
        "third_party_init_login" => "oidcc-3rd_party-init-login".to_owned(),
        "third_party_init_login_nohttps" => "oidcc-3rd_party-init-login-nohttps".to_owned(),
        other => format!("oidcc-{}", other.replace('_', "-")),
    }
}

/// What a plan is run with, in words.
fn described(plan: &Plan) -> String {
    let variant = &plan.variant;
    let clients = match variant.registration {
        Registration::Dynamic => "clients that register themselves",
        Registration::Static => "clients that an administrator has made",
    };
    format!(
        "* `{}`: `{}`, {clients} with `{}`, realm `{}`",
        plan.name, variant.response_type, variant.authentication, variant.realm
    )
}

fn tables() -> String {
    let mut page = String::new();
    let mut names: Vec<_> = ALL.iter().map(|plan| plan.variant.plan).collect();
    names.dedup();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "the runs of a plan stand together");
    for name in names {
        let runs: Vec<_> = ALL.iter().filter(|plan| plan.variant.plan == name).collect();
        let _ = writeln!(page, "\n## {name}\n");
        for run in &runs {
            let _ = writeln!(page, "{}", described(run));
        }
        let headings: Vec<_> = runs.iter().map(|run| format!("`{}`", run.name)).collect();
        let _ = writeln!(page, "\n| module | {} |", headings.join(" | "));
        let _ = writeln!(page, "| --- |{}", " --- |".repeat(runs.len()));
        let mut modules: Vec<_> = runs.iter().flat_map(|run| run.modules).collect();
        let mut seen = BTreeSet::new();
        modules.retain(|module| seen.insert(**module));
        for module in modules {
            let marks = runs.iter().map(|run| if run.modules.contains(module) { " yes |" } else { " – |" });
            let _ = writeln!(page, "| {} |{}", suite_name(module), marks.collect::<String>());
        }
    }
    page.push('\n');
    page
}

#[test]
fn the_page_lists_every_plan_with_its_modules() {
    let (_, after) = PAGE.split_once(BEGIN).expect("the page says where the tables begin");
    let (committed, _) = after.split_once(END).expect("the page says where the tables end");
    let tables = tables();
    assert_eq!(tables, committed, "docs/oidc-conformance.md should have these tables:\n{tables}");
}

#[test]
fn every_listed_plan_is_a_test_and_every_test_is_listed() {
    let program = env::current_exe().expect("this program has a file");
    let output = Command::new(program).args(["--list", "--format", "terse"]).output().expect("it can be started");
    let list = String::from_utf8(output.stdout).expect("names are text");
    let prefix = "conformance::plans::";
    let tests: BTreeSet<_> =
        list.lines().filter_map(|line| line.strip_prefix(prefix)?.strip_suffix("::modules: test")).collect();
    assert_eq!(tests, ALL.iter().map(|plan| plan.name).collect());
}
