//! What a source is.

use serde::{Deserialize, Serialize};

macro_rules! formats {
    ($($format:ident $word:literal;)*) => {
        /// A format, by content.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Format { $(#[doc = $word] #[serde(rename = $word)] $format,)* }

        impl Format {
            /// Every format.
            pub const ALL: &[Self] = &[$(Self::$format,)*];

            /// Its word on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$format => $word,)* }
            }
        }
    };
}

formats! {
    Empty "empty";
    Text "text";
    Binary "binary";
    Csv "csv";
    Json "json";
    SqlDump "sql_dump";
    Mail "mail";
    Mbox "mbox";
    Gzip "gzip";
    Zstd "zstd";
    Tar "tar";
    Zip "zip";
    Spreadsheet "spreadsheet";
    Document "document";
    Pdf "pdf";
    Parquet "parquet";
    Sqlite "sqlite";
    Image "image";
    Postgres "postgres";
    Mysql "mysql";
    Unsupported "unsupported";
}

impl Format {
    /// Whether only a reader of text handles it: own code without `unsafe`, bounded buffers. The others run in a worker process.
    pub const fn is_plain(self) -> bool {
        matches!(
            self,
            Self::Empty | Self::Text | Self::Binary | Self::Csv | Self::Json | Self::SqlDump
        )
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
