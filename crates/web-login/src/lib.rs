//! What people see while they log in, one file per page. The pages hold no rules: whoever answers with one has decided
//! what is on it.

pub mod asked_scope;
pub mod consent;
pub mod device_code;
pub mod device_confirm;
pub mod device_done;
pub mod login;

pub use asked_scope::AskedScope;
pub use consent::ConsentPage;
pub use device_code::DeviceCodePage;
pub use device_confirm::DeviceConfirmPage;
pub use device_done::{DeviceDonePage, DeviceOutcome};
pub use login::{LoginPage, UsernameLabel};
