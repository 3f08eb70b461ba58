//! The form of a form_post answer sends itself.

use crate::browser::Browser;

#[test]
fn the_form_is_sent_even_with_a_field_named_submit() {
    let page = "
        var sent = null;
        function HTMLFormElement() {}
        HTMLFormElement.prototype.submit = function () { sent = this; };
        var form = new HTMLFormElement();
        form.submit = 'a field';
        document.getElementById = function (id) { return id === 'kc-form-post' ? form : null; };
    ";
    let browser = Browser::with(page, &web::assets::SUBMIT);
    assert!(browser.run::<bool>("sent === form"));
}
