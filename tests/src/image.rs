//! Small images, made without a network.

use crate::peer::Home;

/// Makes an image in the folder `label` of a home: busybox and a file that holds the label, so that two labels are two
/// images that share a layer. Gives the name by which skopeo finds it.
pub async fn make(home: &Home, label: &str) -> String {
    let layout = home.path().join(label);
    let image = format!("{}:latest", layout.display());
    let bundle = home.path().join(format!("{label}-bundle"));
    let bundle = bundle.to_str().expect("a readable path");
    let _ = home.run("umoci", &["init", "--layout", layout.to_str().expect("a readable path")]).await.ok();
    let _ = home.run("umoci", &["new", "--image", &image]).await.ok();
    let unpack = ["unpack", "--rootless", "--image", &image, bundle];
    let _ = home.run("umoci", &unpack).await.ok();
    let root = std::path::Path::new(bundle).join("rootfs");
    std::fs::create_dir_all(root.join("bin")).expect("a folder");
    std::fs::copy("/bin/busybox", root.join("bin/busybox")).expect("busybox is here");
    std::fs::write(root.join("label"), label).expect("a file");
    let _ = home.run("umoci", &["repack", "--image", &image, bundle]).await.ok();
    format!("oci:{image}")
}

/// Makes an image as [`make`] does and puts it into a home's image store, where podman and buildah find it as `name`.
pub async fn store(home: &Home, label: &str, name: &str) {
    let image = make(home, label).await;
    let _ = home.run("skopeo", &["copy", &image, &format!("containers-storage:{name}")]).await.ok();
}
