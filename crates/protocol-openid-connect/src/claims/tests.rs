//! Mappers as they are stored, run over facts as they are known.

mod golden;
mod mappers;
mod properties;
mod role_mappers;
mod subject;
mod support;
