//! What is printed for the person who started the server: on standard output, apart from the log.

use std::io::Write;

use services::bootstrap::Made;

fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    // Whether anybody reads it is not our business.
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Tells the first administrator's name and, if it was drawn, the password. It is told once and kept nowhere.
pub fn administrator(made: &Made) {
    let password = match &made.password {
        Some(password) => format!("{}  (shown this once)", password.expose()),
        None => "as given".to_owned(),
    };
    print(&format!("\n  Administrator  {}\n  Password       {password}\n", made.username));
}

/// Tells where the development server is and what to do next.
pub fn development(public_url: &str, username: &str, data_dir: &std::path::Path) {
    print(&format!(
        "
  Portcullis is running for development, on this machine only.

  Admin console  {public_url}/admin/master/console/
  Admin API      {public_url}/admin
  Data           {}

  A token for the Admin API (asks for the password):
    read -rsp 'Password: ' PASSWORD; curl -s {public_url}/realms/master/protocol/openid-connect/token \\
      -d grant_type=password -d client_id=admin-cli -d username={username} --data-urlencode \"password=$PASSWORD\"

  Ctrl+C stops it; its data stays.
",
        data_dir.display()
    ));
}
