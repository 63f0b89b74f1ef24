//! What a file is, told by its first bytes and never by its name.

use super::fault::{Disguise, RosterError};

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Xlsx,
    Xls,
    Xlsb,
    Ods,
}

/// Returns what a file is.
///
/// # Errors
///
/// [`RosterError::NotATable`] with what it is instead, or [`RosterError::Password`].
pub(super) fn sniff(bytes: &[u8]) -> Result<Kind, RosterError> {
    let disguise = match bytes {
        [b'P', b'K', 3 | 5, ..] => return archive(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return compound(bytes),
        // A workbook of Excel 2 to 4 begins with a bare record.
        [9, 0 | 2 | 4, 4 | 6 | 8, 0, ..] => Disguise::OldExcel,
        [b'%', b'P', b'D', b'F', ..] => Disguise::Pdf,
        [b'{', b'\\', b'r', b't', b'f', ..] => Disguise::Document,
        [0x1f, 0x8b, ..] | [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => {
            Disguise::Archive
        }
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => Disguise::Binary,
        _ => return Ok(Kind::Text),
    };
    Err(RosterError::NotATable(disguise))
}

fn archive(bytes: &[u8]) -> Result<Kind, RosterError> {
    // The names in an archive are not packed.
    let kinds = [
        ("application/vnd.oasis.opendocument.spreadsheet", Kind::Ods),
        ("xl/workbook.bin", Kind::Xlsb),
        ("xl/workbook.xml", Kind::Xlsx),
        ("xl/", Kind::Xlsx),
    ];
    let found = kinds.iter().find(|(name, _)| holds(bytes, name.as_bytes()));
    match found {
        Some((_, kind)) => Ok(*kind),
        None if holds(bytes, b"word/") || holds(bytes, b"opendocument.text") => {
            Err(RosterError::NotATable(Disguise::Document))
        }
        None => Err(RosterError::NotATable(Disguise::Archive)),
    }
}

fn compound(bytes: &[u8]) -> Result<Kind, RosterError> {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(bytes, &name)
    };
    if has("EncryptedPackage") {
        return Err(RosterError::Password);
    }
    if !has("Workbook") && !has("Book") {
        return Err(RosterError::NotATable(if has("WordDocument") {
            Disguise::Document
        } else {
            Disguise::Binary
        }));
    }
    if is_cut(bytes) {
        return Err(RosterError::Damaged(
            "sectors are missing at the end".to_owned(),
        ));
    }
    Ok(Kind::Xls)
}

/// Reports whether a compound file ends before the last sector that it says it uses.
fn is_cut(bytes: &[u8]) -> bool {
    let word = |at: usize| {
        bytes
            .get(at..at + 4)
            .and_then(|word| word.try_into().ok())
            .map(u32::from_le_bytes)
    };
    let size = match bytes.get(30) {
        Some(9) => 512,
        Some(12) => 4096,
        Some(_) | None => return false,
    };
    // The header lists the first 109 sectors of the table of sectors: that is enough for files of 7 MB, and more is only a check.
    let tables = (0..109)
        .filter_map(|at| word(76 + at * 4))
        .filter(|sector| *sector < 0xffff_fffa);
    let mut last = 0;
    for (table, sector) in tables.enumerate() {
        let start = (sector as usize + 1).saturating_mul(size);
        for entry in 0..size / 4 {
            match word(start.saturating_add(entry * 4)) {
                None => return true,
                Some(u32::MAX) => {}
                Some(_) => last = table * (size / 4) + entry,
            }
        }
    }
    bytes.len() <= (last + 1) * size
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else {
        return true;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(wanted) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// Returns what a text is that is no table.
pub(super) fn markup(text: &str) -> Option<Disguise> {
    let head: String = text
        .trim_start()
        .chars()
        .take(2000)
        .collect::<String>()
        .to_lowercase();
    if head.starts_with("mime-version:") || head.starts_with("content-type: multipart") {
        return Some(Disguise::Mht);
    }
    if head.starts_with('{') || head.starts_with("[{") || head.starts_with("[\n") {
        return Some(Disguise::Json);
    }
    if !head.starts_with('<') {
        return None;
    }
    if head.contains("schemas-microsoft-com:office:spreadsheet")
        || head.contains("progid=\"excel.sheet\"")
    {
        return Some(Disguise::SpreadsheetXml);
    }
    let html = [
        "<!doctype html",
        "<html",
        "<head",
        "<meta",
        "<table",
        "<body",
        "<style",
    ];
    if html.iter().any(|tag| head.contains(tag)) {
        return Some(Disguise::Html);
    }
    Some(Disguise::Xml).filter(|_| head.starts_with("<?xml") || head.contains("</"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, disguise) in [
            (&b"%PDF-1.7"[..], Disguise::Pdf),
            (b"{\\rtf1", Disguise::Document),
            (b"PK\x03\x04..word/document.xml", Disguise::Document),
            (b"PK\x03\x04..photo.jpg", Disguise::Archive),
            (b"\x1f\x8b\x08", Disguise::Archive),
            (b"\x09\x04\x06\x00\x00\x00", Disguise::OldExcel),
            (b"\xd0\xcf\x11\xe0....", Disguise::Binary),
        ] {
            assert!(
                matches!(sniff(bytes), Err(RosterError::NotATable(told)) if told == disguise),
                "{disguise:?}"
            );
        }
        let locked = b"\xd0\xcf\x11\xe0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
        assert!(matches!(sniff(locked), Err(RosterError::Password)));
    }

    #[test]
    fn markup_is_told_from_a_table() {
        for (text, disguise) in [
            ("\n<html><table>", Some(Disguise::Html)),
            (
                "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Some(Disguise::SpreadsheetXml),
            ),
            ("<?xml version=\"1.0\"?><people/>", Some(Disguise::Xml)),
            ("MIME-Version: 1.0\n", Some(Disguise::Mht)),
            ("[{\"id\": 1}]", Some(Disguise::Json)),
            ("ФИО;email\n", None),
        ] {
            assert_eq!(markup(text), disguise, "{text}");
        }
    }
}
