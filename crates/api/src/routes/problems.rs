//! `GET /problems/{code}`: what a code means, in both languages, for people.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    codes::{self, Code},
    params::Params,
    problem::Problem,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::get("/problems/{code}", "problem_page", "What a problem code means");
    Routes::new().add(spec.anyone().answers_bytes("text/html"), page)
}

async fn page(Params(code): Params<String>) -> Result<Response, Problem> {
    let row = codes::find(&code).ok_or_else(|| Problem::new("not_found"))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html(row)).into_response())
}

/// Made of constants of the table only.
fn html(row: &Code) -> String {
    let Code { code, status, retry, title, advice } = row;
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{code}</title><h1>{title_en}</h1><p>{advice_en}</p>\
         <section lang=\"zh-Hans\"><h1>{title_zh}</h1><p>{advice_zh}</p></section>\
         <p><code>{code}</code> · HTTP {status} · retry: {retry}</p></html>",
        title_en = title.en,
        advice_en = advice.en,
        title_zh = title.zh,
        advice_zh = advice.zh,
        retry = retry.word(),
    )
}
