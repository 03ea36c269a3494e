//! Dalvik code (`classes.dex`): tables of strings, types, fields and methods, and the places where methods are called.
//!
//! After the public description of the format (source.android.com, "Dalvik executable format"). Nothing is resolved or run. Work is
//! bounded by a budget in proportion to the file, since classes and methods may share code on purpose.

use super::bytes::Bytes;

/// Why a file of code is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DexFault {
    /// Not a DEX file.
    #[error("it is no DEX file")]
    NotDex,
    /// Of a version whose layout is not read here (041, several files in one).
    #[error("DEX version {0} is not read")]
    Version(u32),
    /// Its tables lie outside it.
    #[error("the tables lie outside the file")]
    Broken,
}

/// A table: place and rows.
#[derive(Debug, Clone, Copy)]
struct Table {
    at: usize,
    rows: usize,
}

impl Table {
    fn read(bytes: Bytes<'_>, at: usize, row: usize) -> Option<Self> {
        let (rows, at) = (bytes.size(at)?, bytes.size(at + 4)?);
        let end = at.checked_add(rows.checked_mul(row)?)?;
        (end <= bytes.len()).then_some(Self { at, rows })
    }

    fn row(self, index: u32, size: usize) -> Option<usize> {
        let index = usize::try_from(index).ok()?;
        (index < self.rows).then_some(self.at + index * size)
    }
}

/// A file of code.
#[derive(Clone, Copy)]
pub struct Dex<'a> {
    bytes: Bytes<'a>,
    strings: Table,
    types: Table,
    fields: Table,
    methods: Table,
    classes: Table,
}

/// Longest string that is read, in bytes.
const STRING_MAX: usize = 1 << 20;

/// Names of the members that a [`Visit`] watches, by row of this file's tables.
pub trait Visit {
    /// A method with a body begins: the row of the method.
    fn enter(&mut self, method: u32);
    /// A call of the method of this row.
    fn call(&mut self, method: u32);
    /// A read of the static field of this row.
    fn field(&mut self, field: u32);
    /// A load of the string of this row.
    fn string(&mut self, string: u32);
}

/// What a walk did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Walked {
    /// Classes.
    pub classes: u64,
    /// Methods with a body.
    pub methods: u64,
    /// Call sites.
    pub calls: u64,
    /// Stopped by the budget: code is shared far more than compilers do.
    pub cut: bool,
}

impl<'a> Dex<'a> {
    /// Opens a file of code.
    pub fn open(bytes: &'a [u8]) -> Result<Self, DexFault> {
        let bytes = Bytes(bytes);
        if bytes.slice(0, 4) != Some(b"dex\n".as_slice()) {
            return Err(DexFault::NotDex);
        }
        let version = bytes.slice(4, 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let version = version.and_then(|digits| digits.parse().ok()).ok_or(DexFault::NotDex)?;
        if version > 40 {
            return Err(DexFault::Version(version));
        }
        let table = |at, row| Table::read(bytes, at, row).ok_or(DexFault::Broken);
        Ok(Self {
            bytes,
            strings: table(0x38, 4)?,
            types: table(0x40, 4)?,
            fields: table(0x50, 8)?,
            methods: table(0x58, 8)?,
            classes: table(0x60, 32)?,
        })
    }

    /// Rows of the table of strings.
    pub fn string_count(&self) -> u32 {
        u32::try_from(self.strings.rows).unwrap_or(u32::MAX)
    }

    /// Rows of the table of methods.
    pub fn method_count(&self) -> u32 {
        u32::try_from(self.methods.rows).unwrap_or(u32::MAX)
    }

    /// Rows of the table of fields.
    pub fn field_count(&self) -> u32 {
        u32::try_from(self.fields.rows).unwrap_or(u32::MAX)
    }

    /// The bytes of a string, in modified UTF-8, without its end.
    pub fn string(&self, index: u32) -> Option<&'a [u8]> {
        let mut at = self.bytes.size(self.strings.row(index, 4)?)?;
        self.bytes.uleb(&mut at)?;
        let rest = self.bytes.from(at)?.0;
        let rest = rest.get(..STRING_MAX.min(rest.len()))?;
        rest.get(..rest.iter().position(|byte| *byte == 0)?)
    }

    /// A type's descriptor: `Lcom/example/Main;`.
    pub fn type_name(&self, index: u32) -> Option<&'a [u8]> {
        self.string(self.bytes.u32(self.types.row(index, 4)?)?)
    }

    /// Class and name of a method.
    pub fn method(&self, index: u32) -> Option<(&'a [u8], &'a [u8])> {
        self.member(self.methods.row(index, 8)?)
    }

    /// Class and name of a field.
    pub fn field(&self, index: u32) -> Option<(&'a [u8], &'a [u8])> {
        self.member(self.fields.row(index, 8)?)
    }

    fn member(&self, row: usize) -> Option<(&'a [u8], &'a [u8])> {
        let class = self.type_name(u32::from(self.bytes.u16(row)?))?;
        Some((class, self.string(self.bytes.u32(row + 4)?)?))
    }

    /// Every class defined here with the class that it extends.
    pub fn classes(&self) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        let dex = *self;
        (0..self.classes.rows).filter_map(move |index| {
            let row = dex.classes.at + index * 32;
            let class = dex.type_name(dex.bytes.u32(row)?)?;
            Some((class, dex.bytes.u32(row + 8).and_then(|parent| dex.type_name(parent))))
        })
    }

    /// Walks every method of every class.
    pub fn walk(&self, visit: &mut impl Visit) -> Walked {
        // A compiler's file is walked with less than its own size; four times that lets merged code pass.
        let budget = self.bytes.len().saturating_mul(4);
        let mut walk = Walk { dex: self, visit, budget, done: Walked::default() };
        for index in 0..self.classes.rows {
            walk.class(self.classes.at + index * 32);
            walk.done.classes += 1;
            if walk.done.cut {
                break;
            }
        }
        walk.done
    }
}

struct Walk<'d, 'a, V> {
    dex: &'d Dex<'a>,
    visit: &'d mut V,
    budget: usize,
    done: Walked,
}

impl<V: Visit> Walk<'_, '_, V> {
    fn spend(&mut self, cost: usize) -> Option<()> {
        match self.budget.checked_sub(cost) {
            Some(left) => self.budget = left,
            None => {
                self.done.cut = true;
                return None;
            }
        }
        Some(())
    }

    fn class(&mut self, row: usize) -> Option<()> {
        let bytes = self.dex.bytes;
        let mut at = bytes.size(row + 24).filter(|at| *at != 0)?;
        let mut counts = [0u32; 4];
        for count in &mut counts {
            *count = bytes.uleb(&mut at)?;
        }
        let [statics, instances, direct, virtuals] = counts;
        for _ in 0..u64::from(statics) + u64::from(instances) {
            self.spend(2)?;
            bytes.uleb(&mut at)?;
            bytes.uleb(&mut at)?;
        }
        for methods in [direct, virtuals] {
            let mut method = 0u32;
            for _ in 0..methods {
                self.spend(3)?;
                method = method.checked_add(bytes.uleb(&mut at)?)?;
                bytes.uleb(&mut at)?;
                let code = bytes.uleb(&mut at)?;
                if code != 0 {
                    self.done.methods += 1;
                    self.visit.enter(method);
                    self.code(usize::try_from(code).ok()?);
                }
            }
        }
        Some(())
    }

    fn code(&mut self, at: usize) -> Option<()> {
        let units = self.dex.bytes.size(at + 12)?;
        let code = self.dex.bytes.part(at + 16, units.checked_mul(2)?)?;
        self.spend(code.len())?;
        let mut pc = 0;
        while pc < units {
            let unit = code.u16(pc * 2)?;
            let operand = code.u16(pc * 2 + 2);
            match unit as u8 {
                // invoke-virtual … invoke-interface, with registers listed or as a range
                0x6e..=0x72 | 0x74..=0x78 | 0xfa | 0xfb => {
                    self.done.calls += 1;
                    self.visit.call(u32::from(operand?));
                }
                // sget …
                0x60..=0x66 => self.visit.field(u32::from(operand?)),
                0x1a => self.visit.string(u32::from(operand?)),
                0x1b => self.visit.string(code.u32(pc * 2 + 2)?),
                _ => {}
            }
            pc = pc.checked_add(length(code, pc, unit)?)?;
        }
        Some(())
    }
}

/// Units of the instruction at `pc`, payloads of switches and arrays included.
fn length(code: Bytes<'_>, pc: usize, unit: u16) -> Option<usize> {
    let size = |at: usize| code.u16((pc + at) * 2).map(usize::from);
    Some(match unit {
        0x0100 => size(1)? * 2 + 4,
        0x0200 => size(1)? * 4 + 2,
        0x0300 => {
            let elements = code.size((pc + 2) * 2)?;
            elements.checked_mul(size(1)?)?.checked_add(1)? / 2 + 4
        }
        _ => usize::from(*LENGTHS.get(usize::from(unit as u8))?),
    })
}

/// Units of each instruction, by opcode ("Dalvik bytecode", formats in "Dalvik executable instruction formats").
const LENGTHS: [u8; 256] = {
    let mut table = [1u8; 256];
    let mut op = 0;
    while op < 256 {
        table[op] = match op {
            0x02
            | 0x05
            | 0x08
            | 0x13
            | 0x15
            | 0x16
            | 0x19
            | 0x1a
            | 0x1c
            | 0x1f
            | 0x20
            | 0x22
            | 0x23
            | 0x29
            | 0x2d..=0x3d
            | 0x44..=0x6d
            | 0x90..=0xaf
            | 0xd0..=0xe2
            | 0xfe
            | 0xff => 2,
            0x03
            | 0x06
            | 0x09
            | 0x14
            | 0x17
            | 0x1b
            | 0x24..=0x26
            | 0x2a..=0x2c
            | 0x6e..=0x72
            | 0x74..=0x78
            | 0xfc
            | 0xfd => 3,
            0xfa | 0xfb => 4,
            0x18 => 5,
            _ => 1,
        };
        op += 1;
    }
    table
};
