//! The conformance suite on each database.

mod sqlite {
    sarai_testkit::conformance!(sarai_testkit::Backend::Sqlite);
}

mod pg {
    sarai_testkit::conformance!(sarai_testkit::Backend::Pg);
}
