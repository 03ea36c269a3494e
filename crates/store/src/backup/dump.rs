//! Making a backup: one view of the whole store, taken while it runs.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use futures::StreamExt;

use super::{
    BackupError, BackupRecipient, BackupReport,
    envelope::Sealer,
    lines::{Line, Manifest, row_line},
};
use crate::{
    db::{Conn, Place},
    migrate,
    snapshot::read_head,
    sql::backup::TABLES,
};

/// Writes a backup of the store at `address`, sealed to the recipients. Others go on reading and writing.
pub async fn backup(
    address: &str,
    to: impl Write + Send,
    recipients: &[BackupRecipient],
) -> Result<BackupReport, BackupError> {
    if recipients.is_empty() {
        return Err(BackupError::NoRecipient);
    }
    let mut conn = Conn::open(&Place::of(address)?).await?;
    migrate::run(&mut conn).await?;
    let sealer = Sealer::start(to, migrate::newest(), recipients)?;
    let mut out = GzEncoder::new(sealer, Compression::fast());
    conn.begin_view().await?;
    let head = read_head(&mut conn).await?;
    let mut rows = Vec::new();
    for table in TABLES {
        let mut stream = conn.stream(table.dump);
        let mut count = 0;
        while let Some(row) = stream.next().await {
            put(&mut out, &row_line(table.name, row?))?;
            count += 1;
        }
        rows.push((table.name.to_owned(), count));
    }
    conn.rollback().await?;
    conn.close().await;
    let report =
        BackupReport { rows: rows.clone(), last_event: head.event_seq, last_audit: head.audit_seq };
    let manifest = Manifest {
        rows,
        event_seq: head.event_seq,
        audit_seq: head.audit_seq,
        audit_hash: head.audit_hash,
        posting_seq: head.posting_seq,
        tombstone_seq: head.tombstone_seq,
    };
    put(&mut out, &Line::End(manifest))?;
    out.finish()?.finish()?;
    Ok(report)
}

fn put(out: &mut impl Write, line: &Line) -> Result<(), BackupError> {
    let mut text = serde_json::to_vec(line).map_err(std::io::Error::other)?;
    text.push(b'\n');
    Ok(out.write_all(&text)?)
}
