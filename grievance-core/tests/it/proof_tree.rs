//! The Merkle tree, against the definition of RFC 9162 written down as it stands there.

use grievance_core::kernel::text::Digest;
use grievance_core::proof::tree::{PathError, Tree, includes, leaf, node};
use proptest::prelude::*;

/// The leaves of the published examples of RFC 6962 trees.
const PUBLISHED: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

fn hex(text: &str) -> Digest {
    text.parse().expect("a digest")
}

/// `MTH(D[n])` of RFC 9162, section 2.1.1.
fn root_of(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(root_of(left), root_of(right))
        }
    }
}

/// `PATH(m, D[n])` of RFC 9162, section 2.1.3.1.
fn path_of(place: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, beside) = if place < k {
        (path_of(place, left), root_of(right))
    } else {
        (path_of(place - k, right), root_of(left))
    };
    path.push(beside);
    path
}

/// The largest power of two below `n`.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn grown(leaves: &[Digest], place: usize) -> Tree {
    let mut tree = Tree::following(place as u64);
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree
}

#[test]
fn published_roots_and_paths() {
    let leaves: Vec<_> = PUBLISHED.iter().map(|content| leaf(content)).collect();
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(grown(&leaves[..size], 0).root(), hex(root), "{size} leaves");
    }
    let paths: [(usize, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (place, size, path) in paths {
        let path: Vec<_> = path.iter().map(|text| hex(text)).collect();
        assert_eq!(grown(&leaves[..size], place).path().as_ref(), Some(&path), "{place} of {size}");
        assert_eq!(
            includes(root_of(&leaves[..size]), size as u64, place as u64, leaves[place], &path),
            Ok(())
        );
    }
}

#[test]
fn a_leaf_is_no_node() {
    let (left, right) = (leaf(b"left"), leaf(b"right"));
    let both = [left.as_bytes().as_slice(), right.as_bytes()].concat();
    assert_ne!(leaf(&both), node(left, right));
}

/// A leaf that is not there has no path; places of the largest size do not overflow.
#[test]
fn places_outside_have_no_path() {
    let mut tree = grown(&[leaf(b"only")], 1);
    assert_eq!(tree.path(), None);
    tree.push(leaf(b"second"));
    assert_eq!(tree.path(), Some(vec![leaf(b"only")]));
    let root = tree.root();
    assert_eq!(includes(root, 2, 2, leaf(b"second"), &[]), Err(PathError::NoSuchLeaf));
    assert_eq!(includes(root, 0, 0, leaf(b"second"), &[]), Err(PathError::NoSuchLeaf));
    let long = vec![root; 64];
    assert_eq!(includes(root, u64::MAX, u64::MAX - 1, root, &long), Err(PathError::WrongLength));
    assert_eq!(includes(root, u64::MAX, 0, root, &vec![root; 65]), Err(PathError::WrongLength));
}

proptest! {
    /// Leaf by leaf it comes to what the definition says of the whole; every leaf has its path and
    /// no other leaf, place or path passes.
    #[test]
    fn the_tree_is_that_of_the_definition(seed in any::<[u8; 4]>(), size in 1_usize..130, at in any::<usize>(), bit in 0_usize..256) {
        let leaves: Vec<_> = (0..size).map(|n| leaf(&[seed.as_slice(), &n.to_be_bytes()].concat())).collect();
        let place = at % size;
        let tree = grown(&leaves, place);
        let (root, path) = (tree.root(), tree.path().expect("it is there"));
        prop_assert_eq!(root, root_of(&leaves));
        prop_assert_eq!(&path, &path_of(place, &leaves));
        let check = |leaf, place: usize, path: &[Digest]| includes(root, size as u64, place as u64, leaf, path);
        prop_assert_eq!(check(leaves[place], place, &path), Ok(()));

        for other in (0..size).filter(|other| *other != place) {
            prop_assert!(check(leaves[other], place, &path).is_err());
            prop_assert!(check(leaves[place], other, &path).is_err());
        }
        for step in 0..path.len() {
            let mut bent = path.clone();
            let mut bytes = *bent[step].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            bent[step] = Digest::from_bytes(bytes);
            prop_assert_eq!(check(leaves[place], place, &bent), Err(PathError::OtherRoot));
            bent.remove(step);
            prop_assert_eq!(check(leaves[place], place, &bent), Err(PathError::WrongLength));
        }
        let longer = [path.as_slice(), &[root]].concat();
        prop_assert_eq!(check(leaves[place], place, &longer), Err(PathError::WrongLength));
    }
}

proptest! {
    /// Parts that are added by their roots make the tree that their leaves make, whichever leaf is
    /// followed; a part that does not stand in its place, or holds the leaf, is not taken.
    #[test]
    fn a_part_is_its_leaves(parts in prop::collection::vec(0_u32..4, 1..24), place in 0_usize..60) {
        let (mut leaves, mut tree) = (Vec::new(), Tree::following(place as u64));
        for height in parts {
            let size = leaves.len();
            let part: Vec<_> = (size..size + (1 << height)).map(|n| leaf(&n.to_be_bytes())).collect();
            let fits = size.is_multiple_of(part.len()) && !(size..size + part.len()).contains(&place);
            prop_assert_eq!(tree.push_part(root_of(&part), part.len() as u64), fits);
            if !fits {
                for leaf in &part {
                    tree.push(*leaf);
                }
            }
            leaves.extend(part);
        }
        prop_assert!(!tree.push_part(leaf(b"three"), 3) && !tree.push_part(leaf(b"none"), 0));
        prop_assert_eq!((tree.root(), tree.size()), (root_of(&leaves), leaves.len() as u64));
        prop_assert_eq!(tree.path(), (place < leaves.len()).then(|| path_of(place, &leaves)));
    }
}
