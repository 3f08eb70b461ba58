//! Hosts that pull with containerd: what tells it where the registry is, and how each of its clients hands in credentials.

use super::{Target, quoting};

/// What stands for a registry's host where the service is no host name.
const EXAMPLE: &str = "registry.example.org";

/// A configuration for the host of a registry, with the commands that put it into its place.
pub(super) fn hosts(target: &Target<'_>) -> String {
    let host = if is_host(target.service) { target.service } else { EXAMPLE };
    let folder = format!("/etc/containerd/certs.d/{host}");
    let note = match host == target.service {
        true => String::new(),
        false => format!("# Put the registry's own host, and its port if it isn't 443, wherever {EXAMPLE} stands.\n"),
    };
    format!(
        "# {folder}/hosts.toml\n\
         # containerd reads it whenever it pulls. Nothing here is about tokens: the registry itself says where they are,\n\
         # which is {realm}.\n{note}{warning}\
         # The folder is known to containerd 2 as it is; containerd 1.7 wants this in /etc/containerd/config.toml:\n\
         #   [plugins.\"io.containerd.grpc.v1.cri\".registry]\n\
         #     config_path = \"/etc/containerd/certs.d\"\n\
         # Credentials are of a user of the realm:\n\
         #   nerdctl login {host}\n\
         #   ctr images pull --hosts-dir /etc/containerd/certs.d --user NAME {host}/REPOSITORY:TAG\n\
         #   kubectl create secret docker-registry portcullis --docker-server={host} --docker-username=NAME\n\
         #     --docker-password=PASSWORD, and then imagePullSecrets with the name portcullis in the pod\n\
         \n\
         server = {server}\n\
         \n\
         [host.{server}]\n  capabilities = [\"pull\", \"resolve\", \"push\"]\n  \
         # The registry's TLS certificate is of an authority of your own? Then put that one here:\n  \
         # ca = \"{folder}/ca.crt\"\n",
        realm = quoting::url(&target.realm),
        warning = target.warning(),
        server = quoting::yaml(&format!("https://{host}")),
    )
}

/// Whether a service is called as its registry's host is: a name with dots, or `localhost`, and a port or none.
fn is_host(service: &str) -> bool {
    let (name, port) = service.split_once(':').unwrap_or((service, "443"));
    let labels = || name.split('.');
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (name == "localhost" || labels().count() > 1) && labels().all(label) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_service_is_a_host_or_just_a_name() {
        for host in ["registry.example.org", "localhost:5000", "10.0.0.1:5000", "a-b.c"] {
            assert!(is_host(host), "{host}");
        }
        for name in ["registry", "My Registry", "a..b", "-a.b", "a.b:x", "a.b/c", "a.b\"]\n"] {
            assert!(!is_host(name), "{name}");
        }
    }
}
