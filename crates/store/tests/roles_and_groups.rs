//! Roles, groups and who has what through them, against a real database.
#![expect(clippy::unwrap_used, reason = "what prepares a test may fail as loudly as the test itself")]

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use model::{
    MultiAttributes,
    group::Group,
    id::{ClientId, GroupId, RealmId, RoleId, UserId},
    realm::{Realm, RealmSettings},
    role::{Role, RoleContainer, RoleName},
    subject::RolesAndGroups,
    user::User,
};
use store::{
    Store, Tx,
    groups::{
        self,
        search::{NameMatch, Wanted},
    },
    role_mappings::{self, Holder},
    roles::{self, composites::Parts},
    subjects, users,
    users::memberships,
};
use test_db::{Template, TestDatabase};
use time::OffsetDateTime;

const REALM: RealmId = RealmId(uuid::Uuid::from_u128(1));

struct Fixture {
    store: Store,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let mut hasher = DefaultHasher::new();
    for migration in store::MIGRATIONS.iter() {
        migration.checksum.hash(&mut hasher);
    }
    let template = Template {
        name_hash: format!("{:016x}", hasher.finish()),
        prepare: |url| {
            Box::pin(async move {
                let store = Store::connect(&url, 1).await?;
                store.migrate().await?;
                store.close().await;
                Ok(())
            })
        },
    };
    let database = TestDatabase::from_template(&template).await.unwrap();
    let store = Store::connect(database.url(), 2).await.unwrap();
    let mut tx = store.begin(REALM).await.unwrap();
    let realm = Realm {
        id: REALM,
        given_id: "test".into(),
        name: "test".into(),
        enabled: true,
        default_role: "default".into(),
        default_role_name: "default".into(),
        listeners: Vec::new(),
        settings: RealmSettings::default(),
    };
    store::realms::insert(&mut tx, &realm, OffsetDateTime::UNIX_EPOCH).await.unwrap();
    tx.commit().await.unwrap();
    Fixture { store, _database: database }
}

impl Fixture {
    async fn begin(&self) -> Tx {
        self.store.begin(REALM).await.unwrap()
    }
}

async fn add_client(tx: &mut Tx, id: &str) {
    sqlx::query(
        "insert into clients (realm_id, id, client_id, protocol, enabled, settings, attributes, created_at)
         values ($1, $2, $3, 'docker-v2', true, '{}', '{}', now())",
    )
    .bind(REALM.0)
    .bind(id)
    .bind(format!("{id}-name"))
    .execute(&mut **tx)
    .await
    .unwrap();
}

fn role(id: &str, client: Option<&str>) -> Role {
    Role {
        id: id.into(),
        name: id.into(),
        description: None,
        container: client.map_or(RoleContainer::Realm, |client| RoleContainer::Client(ClientId(client.into()))),
        attributes: MultiAttributes::from([("a".to_owned(), vec!["1".to_owned()])]),
        composite: false,
    }
}

fn group(id: &str, parent: Option<&str>) -> Group {
    Group {
        id: id.into(),
        parent: parent.map(GroupId::from),
        name: id.into(),
        description: None,
        attributes: MultiAttributes::from([("team".to_owned(), vec![id.to_owned()])]),
    }
}

async fn add_user(tx: &mut Tx, id: &str, enabled: bool) {
    let user = User {
        id: id.into(),
        username: id.into(),
        email: None,
        email_verified: false,
        first_name: None,
        last_name: None,
        enabled,
        created: OffsetDateTime::UNIX_EPOCH,
        not_before: 0,
        attributes: MultiAttributes::new(),
        required_actions: Vec::new(),
        service_account_of: None,
    };
    users::insert(tx, &user, false).await.unwrap();
}

/// `all` contains `push` and the client role `deploy`; `top/middle/leaf` are groups, `top` has `all`.
async fn populate(tx: &mut Tx) {
    add_client(tx, "registry").await;
    roles::insert_all(
        tx,
        &[role("all", None), role("push", None), role("deploy", Some("registry")), role("lone", None)],
    )
    .await
    .unwrap();
    roles::add_composites(tx, &[("all".into(), "push".into()), ("all".into(), "deploy".into())]).await.unwrap();
    groups::insert_all(tx, &[group("top", None), group("middle", Some("top")), group("leaf", Some("middle"))])
        .await
        .unwrap();
    role_mappings::grant_group_roles(tx, &"top".into(), &["all".into()]).await.unwrap();
    for (user, enabled) in [("anna", true), ("bert", true), ("carl", false), ("dora", true)] {
        add_user(tx, user, enabled).await;
    }
    memberships::join(tx, &"anna".into(), &["leaf".into()]).await.unwrap();
    memberships::join(tx, &"carl".into(), &["top".into()]).await.unwrap();
    role_mappings::grant_user_roles(tx, &"bert".into(), &["push".into()]).await.unwrap();
}

fn names(roles: &[Role]) -> Vec<&str> {
    roles.iter().map(|role| role.name.as_str()).collect()
}

fn ids(found: &[groups::GroupInTree]) -> Vec<&str> {
    found.iter().map(|found| found.group.id.as_str()).collect()
}

#[tokio::test]
async fn a_subject_has_the_roles_of_groups_above_and_of_composites() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    populate(&mut tx).await;
    let given = subjects::assignments(&mut tx, REALM, &"anna".into()).await.unwrap();
    let RolesAndGroups { roles, groups, .. } = subjects::resolve(&mut tx, REALM, &given).await.unwrap().0;
    let name = |client: Option<&str>, name: &str| RoleName { client: client.map(str::to_owned), name: name.to_owned() };
    assert_eq!(roles, [name(None, "all"), name(None, "push"), name(Some("registry-name"), "deploy")]);
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].path, ["top", "middle", "leaf"]);
    let given = subjects::assignments(&mut tx, REALM, &"dora".into()).await.unwrap();
    let RolesAndGroups { roles, groups, .. } = subjects::resolve(&mut tx, REALM, &given).await.unwrap().0;
    assert!(roles.is_empty() && groups.is_empty());
}

#[tokio::test]
async fn users_are_found_by_role_and_by_group() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    populate(&mut tx).await;
    memberships::join(&mut tx, &"dora".into(), &["middle".into()]).await.unwrap();
    for (role, path, expected) in [
        // Carl is disabled; Anna and Dora have what `top` has; `deploy` needs its client's name.
        (Some("push"), None, vec!["anna", "bert", "dora"]),
        (Some("registry-name.deploy"), None, vec!["anna", "dora"]),
        (Some("deploy"), None, vec![]),
        (Some("lone"), None, vec![]),
        (None, Some(("/top", false)), vec![]),
        (None, Some(("/top", true)), vec!["anna", "dora"]),
        (None, Some(("top/middle", false)), vec!["dora"]),
        (None, Some(("/middle", true)), vec![]),
        (None, Some(("/", true)), vec![]),
        (Some("push"), Some(("/top/middle", false)), vec!["anna", "bert", "dora"]),
    ] {
        let wanted_roles: Vec<String> = role.iter().map(|&role| role.to_owned()).collect();
        let wanted_groups: Vec<(String, bool)> =
            path.iter().map(|(path, below)| ((*path).to_owned(), *below)).collect();
        let found = subjects::users_with(&mut tx, REALM, &wanted_roles, &wanted_groups, 0, 10).await.unwrap();
        let found: Vec<_> = found.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(found, expected, "{role:?} {path:?}");
    }
    let page = subjects::users_with(&mut tx, REALM, &["push".into()], &[], 1, 1).await.unwrap();
    assert_eq!(page, [(UserId("bert".into()), "bert".to_owned())]);
}

#[tokio::test]
async fn role_mappings_tell_direct_available_and_effective_roles() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    populate(&mut tx).await;
    let (anna, bert, leaf) = (UserId("anna".into()), UserId("bert".into()), GroupId("leaf".into()));
    let realm = RoleContainer::Realm;
    let registry = RoleContainer::Client("registry".into());
    let direct = role_mappings::direct(&mut tx, REALM, Holder::User(&bert), None).await.unwrap();
    assert_eq!(names(&direct), ["push"]);
    let available = role_mappings::available(&mut tx, REALM, Holder::User(&bert), &realm).await.unwrap();
    assert_eq!(names(&available), ["all", "lone"]);
    let available = role_mappings::available(&mut tx, REALM, Holder::User(&bert), &registry).await.unwrap();
    assert_eq!(names(&available), ["deploy"]);
    for holder in [Holder::User(&anna), Holder::Group(&leaf)] {
        let effective = role_mappings::effective(&mut tx, REALM, holder, &realm).await.unwrap();
        assert_eq!(names(&effective), ["all", "push"]);
        assert!(effective[0].composite && !effective[1].composite);
        let effective = role_mappings::effective(&mut tx, REALM, holder, &registry).await.unwrap();
        assert_eq!(names(&effective), ["deploy"]);
        let clients = role_mappings::clients_of(&mut tx, REALM, &effective).await.unwrap();
        assert_eq!(clients, [(ClientId("registry".into()), "registry-name".to_owned())]);
    }
    role_mappings::revoke(&mut tx, Holder::User(&bert), &["push".into(), "lone".into()]).await.unwrap();
    assert!(role_mappings::direct(&mut tx, REALM, Holder::User(&bert), None).await.unwrap().is_empty());
    let top = GroupId("top".into());
    role_mappings::revoke(&mut tx, Holder::Group(&top), &["all".into()]).await.unwrap();
    assert!(role_mappings::direct(&mut tx, REALM, Holder::Group(&top), None).await.unwrap().is_empty());
}

#[tokio::test]
async fn roles_are_found_changed_and_composed() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    populate(&mut tx).await;
    let registry = RoleContainer::Client("registry".into());
    let named =
        |client: Option<&str>, name: &str| RoleName { client: client.map(str::to_owned), name: name.to_owned() };
    let wanted = [
        named(None, "push"),
        named(Some("registry-name"), "deploy"),
        named(Some("gone"), "push"),
        named(None, "deploy"),
    ];
    let mut found = roles::find_by_names(&mut tx, REALM, &wanted).await.unwrap();
    found.sort();
    assert_eq!(
        found,
        [
            (named(None, "push"), RoleId("push".into())),
            (named(Some("registry-name"), "deploy"), RoleId("deploy".into()))
        ]
    );
    let listed = roles::list(&mut tx, REALM, &RoleContainer::Realm, Some("L"), 0, None).await.unwrap();
    assert_eq!(names(&listed), ["all", "lone"]);
    let listed = roles::list(&mut tx, REALM, &RoleContainer::Realm, None, 1, Some(1)).await.unwrap();
    assert_eq!(names(&listed), ["lone"]);
    let found = roles::find_in(&mut tx, REALM, &registry, &["push".into()], &["deploy".into()]).await.unwrap();
    assert_eq!(names(&found), ["deploy"]);

    let all = RoleId("all".into());
    for (parts, expected) in [
        (Parts::All, vec!["deploy", "push"]),
        (Parts::Realm, vec!["push"]),
        (Parts::Client(&"registry".into()), vec!["deploy"]),
    ] {
        let listed = roles::composites::list(&mut tx, REALM, &all, parts, None, 0, None).await.unwrap();
        assert_eq!(names(&listed), expected);
    }
    roles::remove_composites(&mut tx, &all, &["deploy".into()]).await.unwrap();
    // A circle is harmless.
    roles::add_composites(&mut tx, &[("push".into(), "all".into())]).await.unwrap();
    let bert = UserId("bert".into());
    let effective = role_mappings::effective(&mut tx, REALM, Holder::User(&bert), &RoleContainer::Realm).await.unwrap();
    assert_eq!(names(&effective), ["all", "push"]);

    let mut push = roles::lock(&mut tx, &"push".into()).await.unwrap().unwrap();
    push.name = "pusher".into();
    push.attributes.clear();
    assert!(roles::update(&mut tx, &push).await.unwrap());
    assert_eq!(roles::find(&mut tx, REALM, &push.id).await.unwrap(), Some(push));
    assert!(roles::delete(&mut tx, &all).await.unwrap());
    assert!(!roles::delete(&mut tx, &all).await.unwrap());
    assert_eq!(roles::holders::users(&mut tx, REALM, &"push".into(), 0, None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_taken_role_name_is_a_conflict_in_its_container_only() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    add_client(&mut tx, "one").await;
    add_client(&mut tx, "two").await;
    let same = |id: &str, client| Role { name: "same".into(), ..role(id, client) };
    roles::insert_all(&mut tx, &[same("1", None), same("2", Some("one")), same("3", Some("two"))]).await.unwrap();
    let error = roles::insert(&mut tx, &same("4", None)).await.unwrap_err();
    assert!(matches!(error, store::Error::Conflict { constraint, missing: false } if constraint == "roles_name"));
}

#[tokio::test]
async fn groups_are_found_by_path_name_and_attribute() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    populate(&mut tx).await;
    let path = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let leaf = groups::search::by_path(&mut tx, REALM, &path(&["top", "middle", "leaf"])).await.unwrap().unwrap();
    assert_eq!((leaf.group.id.as_str(), leaf.sub_groups), ("leaf", 0));
    assert_eq!(leaf.path, ["top", "middle", "leaf"]);
    assert!(groups::search::by_path(&mut tx, REALM, &path(&["middle"])).await.unwrap().is_none());
    assert!(groups::search::by_path(&mut tx, REALM, &[]).await.unwrap().is_none());

    let name = |text, exact| Wanted::Name(NameMatch { text, exact });
    for (wanted, ancestors, expected) in [
        (name("EA", false), false, vec!["leaf"]),
        (name("EA", true), false, vec![]),
        (name("leaf", true), true, vec!["leaf", "middle", "top"]),
        (Wanted::Attributes(&[("team".to_owned(), vec!["middle".to_owned()])].into()), false, vec!["middle"]),
    ] {
        let found = groups::search::anywhere(&mut tx, REALM, &wanted, ancestors, 0, None).await.unwrap();
        assert_eq!(ids(&found), expected, "{wanted:?}");
    }
    let tops = groups::search::children(&mut tx, REALM, None, None, 0, None).await.unwrap();
    assert_eq!((ids(&tops), tops[0].sub_groups), (vec!["top"], 1));
    let below = groups::search::children(&mut tx, REALM, Some(&"top".into()), None, 0, Some(10)).await.unwrap();
    assert_eq!(ids(&below), ["middle"]);
    assert_eq!(groups::search::count(&mut tx, REALM, None, false).await.unwrap(), 3);
    assert_eq!(groups::search::count(&mut tx, REALM, None, true).await.unwrap(), 1);
    assert_eq!(groups::search::count(&mut tx, REALM, Some("ID"), false).await.unwrap(), 1);
}

#[tokio::test]
async fn the_tree_knows_its_heights_and_its_branches() {
    let fixture = fixture().await;
    let mut tx = fixture.begin().await;
    populate(&mut tx).await;
    let (top, middle, leaf) = (GroupId("top".into()), GroupId("middle".into()), GroupId("leaf".into()));
    assert!(groups::is_within(&mut tx, REALM, &leaf, &top).await.unwrap());
    assert!(groups::is_within(&mut tx, REALM, &top, &top).await.unwrap());
    assert!(!groups::is_within(&mut tx, REALM, &top, &leaf).await.unwrap());
    assert_eq!(groups::height(&mut tx, REALM, &top).await.unwrap(), 3);
    assert_eq!(groups::height(&mut tx, REALM, &leaf).await.unwrap(), 1);
    assert_eq!(groups::height(&mut tx, REALM, &"gone".into()).await.unwrap(), 0);
    role_mappings::grant_group_roles(&mut tx, &leaf, &["lone".into()]).await.unwrap();
    let mut around = groups::roles::around(&mut tx, REALM, &middle).await.unwrap();
    around.sort();
    assert_eq!(around, [RoleId("all".into()), RoleId("lone".into())]);
    let own = groups::roles::names(&mut tx, REALM, &[top.clone(), leaf.clone()]).await.unwrap();
    assert_eq!(own.len(), 2);

    groups::defaults::add(&mut tx, std::slice::from_ref(&leaf)).await.unwrap();
    assert_eq!(ids(&groups::default_groups(&mut tx, REALM).await.unwrap()), ["leaf"]);
    assert!(groups::defaults::remove(&mut tx, &leaf).await.unwrap());
    assert!(!groups::defaults::remove(&mut tx, &leaf).await.unwrap());
    assert_eq!(groups::members::list(&mut tx, REALM, &leaf, 0, None).await.unwrap().len(), 1);
    let having = roles::holders::groups(&mut tx, REALM, &"all".into(), 0, None).await.unwrap();
    assert_eq!(ids(&having), ["top"]);

    let mut moved = groups::lock(&mut tx, &middle).await.unwrap().unwrap().group;
    moved.parent = None;
    assert!(groups::update(&mut tx, &moved).await.unwrap());
    assert_eq!(groups::find(&mut tx, REALM, &leaf).await.unwrap().unwrap().path, ["middle", "leaf"]);
    assert!(groups::delete(&mut tx, &middle).await.unwrap());
    assert!(groups::find(&mut tx, REALM, &leaf).await.unwrap().is_none());
}
