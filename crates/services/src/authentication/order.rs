//! The order of executions and of required actions: two neighbours change places.

/// Which way a thing is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

impl Move {
    pub(super) fn as_path(self) -> &'static str {
        match self {
            Self::Up => "raise-priority",
            Self::Down => "lower-priority",
        }
    }
}

/// New priorities for things of which the one at `index` changes places with its neighbour; none if there is no neighbour.
/// Where two had the same priority, all are numbered anew.
pub(super) fn moved(priorities: &[i32], index: usize, way: Move) -> Option<Vec<i32>> {
    let other = match way {
        Move::Up => index.checked_sub(1)?,
        Move::Down => index + 1,
    };
    if other >= priorities.len() {
        return None;
    }
    let mut places = priorities.to_vec();
    if places.iter().zip(places.iter().skip(1)).any(|(one, next)| one >= next) {
        places = (0..).take(priorities.len()).collect();
    }
    places.swap(index, other);
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_change_places() {
        assert_eq!(moved(&[10, 20, 30], 1, Move::Up), Some(vec![20, 10, 30]));
        assert_eq!(moved(&[10, 20, 30], 1, Move::Down), Some(vec![10, 30, 20]));
        assert_eq!(moved(&[10, 20], 0, Move::Up), None);
        assert_eq!(moved(&[10, 20], 1, Move::Down), None);
        assert_eq!(moved(&[7, 7, 7], 2, Move::Up), Some(vec![0, 2, 1]));
        assert_eq!(moved(&[], 0, Move::Down), None);
    }
}
