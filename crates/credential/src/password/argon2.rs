//! Argon2 (RFC 9106) and the memory it works in.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use super::PasswordError;

/// The most memory that a stored hash may ask for: 1 GiB.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
/// The most passes that a stored hash may ask for.
pub(crate) const MAX_ITERATIONS: u32 = 100;
/// The most lanes that a stored hash may ask for.
const MAX_PARALLELISM: u32 = 64;

/// The cost of Argon2. The default is Keycloak's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Parameters {
    /// Memory in KiB, at least eight times `parallelism`.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes. They are computed one after the other.
    pub parallelism: u32,
    /// The length of the hash in bytes.
    pub hash_length: u16,
}

impl Default for Argon2Parameters {
    fn default() -> Self {
        Self { memory_kib: 7168, iterations: 5, parallelism: 1, hash_length: 32 }
    }
}

impl Argon2Parameters {
    /// Checks the bounds: at most 1 GiB, 100 passes and 64 lanes; a hash of 16 to 512 bytes.
    ///
    /// # Errors
    /// [`PasswordError::Parameters`] naming the parameter.
    pub fn check(&self) -> Result<(), PasswordError> {
        if !(1..=MAX_PARALLELISM).contains(&self.parallelism) {
            return Err(PasswordError::Parameters("parallelism"));
        }
        if !(8 * self.parallelism..=MAX_MEMORY_KIB).contains(&self.memory_kib) {
            return Err(PasswordError::Parameters("memory"));
        }
        if !(1..=MAX_ITERATIONS).contains(&self.iterations) {
            return Err(PasswordError::Parameters("hashIterations"));
        }
        if !(16..=512).contains(&self.hash_length) {
            return Err(PasswordError::Parameters("hashLength"));
        }
        Ok(())
    }

    fn params(&self) -> Result<Params, PasswordError> {
        self.check()?;
        Params::new(self.memory_kib, self.iterations, self.parallelism, Some(usize::from(self.hash_length)))
            .or(Err(PasswordError::Parameters("argon2")))
    }
}

/// The variant and version of Argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Argon2Kind {
    algorithm: Algorithm,
    version: Version,
}

impl Argon2Kind {
    /// What new hashes are: Argon2id, version 1.3.
    pub(crate) const CURRENT: Self = Self { algorithm: Algorithm::Argon2id, version: Version::V0x13 };

    /// Reads Keycloak's `type` and `version`.
    pub(crate) fn parse(kind: &str, version: &str) -> Option<Self> {
        let algorithm = match kind {
            "id" => Algorithm::Argon2id,
            "i" => Algorithm::Argon2i,
            "d" => Algorithm::Argon2d,
            _ => return None,
        };
        let version = match version {
            "1.3" => Version::V0x13,
            "1.0" => Version::V0x10,
            _ => return None,
        };
        Some(Self { algorithm, version })
    }

    /// Keycloak's `type`.
    pub(crate) fn type_name(self) -> &'static str {
        match self.algorithm {
            Algorithm::Argon2id => "id",
            Algorithm::Argon2i => "i",
            Algorithm::Argon2d => "d",
        }
    }

    /// Keycloak's `version`.
    pub(crate) fn version_name(self) -> &'static str {
        match self.version {
            Version::V0x10 => "1.0",
            Version::V0x13 => "1.3",
        }
    }
}

/// The working memory of Argon2, kept by a hashing thread from one password to the next: to ask the system for 7 MiB
/// and to have it zeroed costs a good part of a hash.
pub struct MemoryBlocks {
    blocks: Vec<Block>,
    /// How many blocks stay when a hash of other parameters needed more.
    keep: usize,
}

impl std::fmt::Debug for MemoryBlocks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MemoryBlocks").field("kib", &self.blocks.len()).finish()
    }
}

impl MemoryBlocks {
    /// Memory for hashes with `parameters`. Hashes that need more get it for the time they take.
    ///
    /// # Errors
    /// [`PasswordError::Parameters`] if they are out of bounds, [`PasswordError::Memory`] if it isn't to be had.
    pub fn new(parameters: &Argon2Parameters) -> Result<Self, PasswordError> {
        let keep = parameters.params()?.block_count();
        let mut memory = Self { blocks: Vec::new(), keep };
        memory.grow(keep)?;
        Ok(memory)
    }

    fn grow(&mut self, count: usize) -> Result<(), PasswordError> {
        if let Some(more) = count.checked_sub(self.blocks.len()) {
            self.blocks.try_reserve_exact(more).or(Err(PasswordError::Memory))?;
            self.blocks.resize(count, Block::new());
        }
        Ok(())
    }

    fn shrink(&mut self) {
        if self.blocks.len() > self.keep {
            self.blocks.truncate(self.keep);
            self.blocks.shrink_to_fit();
        }
    }
}

/// Computes the hash of `password`.
pub(crate) fn derive(
    password: &str,
    salt: &[u8],
    kind: Argon2Kind,
    parameters: &Argon2Parameters,
    memory: &mut MemoryBlocks,
) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
    let params = parameters.params()?;
    memory.grow(params.block_count())?;
    let mut value = Zeroizing::new(vec![0; usize::from(parameters.hash_length)]);
    let argon2 = Argon2::new(kind.algorithm, kind.version, params);
    let result = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut value, &mut memory.blocks);
    memory.shrink();
    result.or(Err(PasswordError::Hashing))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_hash_does_not_keep_its_memory() {
        let small = Argon2Parameters { memory_kib: 64, iterations: 1, parallelism: 1, hash_length: 16 };
        let large = Argon2Parameters { memory_kib: 4096, ..small };
        let mut memory = MemoryBlocks::new(&small).unwrap();
        assert_eq!(format!("{memory:?}"), "MemoryBlocks { kib: 64 }");
        derive("p", &[0; 16], Argon2Kind::CURRENT, &large, &mut memory).unwrap();
        assert_eq!(memory.blocks.len(), 64);
        assert_eq!(memory.blocks.capacity(), 64);
    }

    #[test]
    fn used_memory_gives_the_same_hash_as_new_memory() {
        let parameters = Argon2Parameters { memory_kib: 64, iterations: 2, parallelism: 2, hash_length: 32 };
        let mut memory = MemoryBlocks::new(&parameters).unwrap();
        let first = derive("one", &[1; 16], Argon2Kind::CURRENT, &parameters, &mut memory).unwrap();
        derive("two", &[2; 16], Argon2Kind::CURRENT, &parameters, &mut memory).unwrap();
        assert_eq!(first, derive("one", &[1; 16], Argon2Kind::CURRENT, &parameters, &mut memory).unwrap());
    }

    #[test]
    fn parameters_out_of_bounds_are_named() {
        let good = Argon2Parameters::default();
        let name = |parameters: Argon2Parameters| parameters.check().unwrap_err();
        assert_eq!(name(Argon2Parameters { memory_kib: 7, ..good }), PasswordError::Parameters("memory"));
        assert_eq!(name(Argon2Parameters { memory_kib: u32::MAX, ..good }), PasswordError::Parameters("memory"));
        assert_eq!(name(Argon2Parameters { iterations: 0, ..good }), PasswordError::Parameters("hashIterations"));
        assert_eq!(name(Argon2Parameters { iterations: 101, ..good }), PasswordError::Parameters("hashIterations"));
        assert_eq!(name(Argon2Parameters { parallelism: 0, ..good }), PasswordError::Parameters("parallelism"));
        assert_eq!(name(Argon2Parameters { hash_length: 15, ..good }), PasswordError::Parameters("hashLength"));
        assert!(MemoryBlocks::new(&Argon2Parameters { parallelism: u32::MAX, ..good }).is_err());
    }
}
