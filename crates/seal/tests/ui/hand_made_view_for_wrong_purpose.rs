//@ E0277: purpose `Marketing` may not open field
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

struct Sly(Card);

impl Disclose<Marketing> for Sly {
    fn check(&self, _: &Scope) -> Result<(), Denied> {
        Ok(())
    }
    fn mark(&self, _: &__private::OpenedFields) {}
    fn serialize_view<S: __private::serde::Serializer>(
        &self,
        pass: &__private::Pass<Marketing>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        __private::serde::Serialize::serialize(&pass.show(&self.0.phone), serializer)
    }
}

fn main() {}
