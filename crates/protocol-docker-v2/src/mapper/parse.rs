//! Reading a permission mapper from its settings, with a problem for each part that is wrong.

use model::{group::path_names, problem::Problem, protocol_mapper::ProtocolMapper};

use super::{Audience, Effect, PermissionMapper, RepositoryRule, RuleOrigin, kinds};
use crate::{
    action::{Action, ActionSet},
    pattern::Pattern,
};

/// The most patterns of one mapper. Bounds the time of a decision.
const MAX_PATTERNS: usize = 500;

impl PermissionMapper {
    /// Reads a mapper of this protocol. Settings that it doesn't know are left alone.
    ///
    /// # Errors
    /// One problem per offending part; the field is the setting's name.
    pub fn parse(mapper: &ProtocolMapper) -> Result<Self, Vec<Problem>> {
        let origin = RuleOrigin { id: mapper.id.clone(), name: mapper.name.clone() };
        let mut settings = Settings { mapper, problems: Vec::new() };
        let audience = match mapper.kind.as_str() {
            kinds::ALLOW_ALL => return Ok(Self::AllowAll(origin)),
            kinds::ROLE => Audience::Role(settings.required(kinds::ROLE_SETTING, "name a role")),
            kinds::GROUP => {
                let path = path_names(&settings.required(kinds::GROUP_SETTING, "name a group by its path"));
                if path.is_empty() && settings.problems.is_empty() {
                    settings.problem(kinds::GROUP_SETTING, "`/` is no group: name one by its path, such as `/team`");
                }
                Audience::Group { path, include_subgroups: settings.flag(kinds::INCLUDE_SUBGROUPS) }
            }
            kinds::EVERYONE => Audience::Everyone { anonymous: settings.flag(kinds::ANONYMOUS) },
            other => {
                settings.problem("protocolMapper", format!("`{}` is no docker-v2 mapper", other.escape_debug()));
                return Err(settings.problems);
            }
        };
        let patterns = settings.patterns();
        let actions = settings.actions();
        let catalog = settings.flag(kinds::CATALOG);
        let effect = settings.effect();
        let has_patterns = settings.text(kinds::REPOSITORIES).chars().any(|c| !c.is_whitespace() && c != '#');
        if !has_patterns && !catalog {
            settings.problem(kinds::REPOSITORIES, "name at least one repository pattern, or set `catalog` to `true`");
        }
        let names_actions = settings.text(kinds::ACTIONS).chars().any(|c| c != ',' && !c.is_whitespace());
        if has_patterns && !names_actions {
            settings.problem(kinds::ACTIONS, "name at least one action: `pull`, `push`, `delete`, or `*` for all");
        }
        if settings.problems.is_empty() {
            Ok(Self::Repository(RepositoryRule { origin, audience, patterns, actions, catalog, effect }))
        } else {
            Err(settings.problems)
        }
    }
}

/// The settings of a mapper being read.
struct Settings<'a> {
    mapper: &'a ProtocolMapper,
    problems: Vec<Problem>,
}

impl<'a> Settings<'a> {
    fn text(&self, name: &str) -> &'a str {
        self.mapper.config.get(name).map_or("", |text| text.trim())
    }

    fn problem(&mut self, name: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(name, message));
    }

    fn required(&mut self, name: &str, wish: &str) -> String {
        let text = self.text(name);
        if text.is_empty() {
            self.problem(name, format!("is missing: {wish}"));
        }
        text.to_owned()
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.text(name) {
            "true" => true,
            "" | "false" => false,
            other => {
                self.problem(name, format!("`{}` is neither `true` nor `false`", other.escape_debug()));
                false
            }
        }
    }

    fn patterns(&mut self) -> Vec<Pattern> {
        let texts: Vec<&str> = self
            .text(kinds::REPOSITORIES)
            .split("##")
            .flat_map(str::lines)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .collect();
        if texts.len() > MAX_PATTERNS {
            self.problem(kinds::REPOSITORIES, format!("{} patterns are more than {MAX_PATTERNS}", texts.len()));
            return Vec::new();
        }
        let mut patterns = Vec::with_capacity(texts.len());
        for text in texts {
            match Pattern::parse(text) {
                Ok(pattern) => patterns.push(pattern),
                Err(problem) => self.problem(kinds::REPOSITORIES, problem.to_string()),
            }
        }
        patterns
    }

    fn actions(&mut self) -> ActionSet {
        let mut actions = ActionSet::NONE;
        for word in self.text(kinds::ACTIONS).split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match Action::parse(word) {
                Some(action) => actions.insert(action),
                None => self.problem(
                    kinds::ACTIONS,
                    format!("`{}` is no action: use `pull`, `push`, `delete` or `*`", word.escape_debug()),
                ),
            }
        }
        actions.expanded()
    }

    fn effect(&mut self) -> Effect {
        match self.text(kinds::EFFECT) {
            "" | "allow" => Effect::Allow,
            "deny" => Effect::Deny,
            other => {
                self.problem(kinds::EFFECT, format!("`{}` is neither `allow` nor `deny`", other.escape_debug()));
                Effect::Deny
            }
        }
    }
}
