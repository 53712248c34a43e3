//! A value only the keys can read: key id (4 bytes), nonce (24), ciphertext with its tag.

/// Sealed bytes, bound to the purpose and the row they were sealed for. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Sealed(pub(super) Vec<u8>);

impl Sealed {
    /// Takes bytes that came back from a database or a cookie; whether they open is for the keys to say.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[sealed, {} bytes]", self.0.len())
    }
}
