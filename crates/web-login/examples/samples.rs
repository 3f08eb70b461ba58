//! Writes a sample of every page, and the files that the pages refer to, into a folder, for a look at them in a browser:
//! `cargo run -p web-login --example samples -- target/pages`. Beside each page lies its Content-Security-Policy.

use std::{error::Error, fs, path::PathBuf};

use web::assets;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write to")?);
    fs::create_dir_all(folder.join("static"))?;
    for asset in assets::ALL {
        fs::write(folder.join(asset.url().trim_start_matches('/')), asset.content())?;
    }
    for sample in web::pages::samples()?.into_iter().chain(web_login::samples()?) {
        fs::write(folder.join(format!("{}.html", sample.name)), sample.html)?;
        fs::write(folder.join(format!("{}.policy", sample.name)), sample.policy)?;
    }
    Ok(())
}
