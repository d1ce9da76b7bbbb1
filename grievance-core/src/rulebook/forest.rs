//! Parent pointers, compiled so that "is it below?" is two comparisons.

/// A checked forest over indices: no cycle, every parent exists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest {
    parent: Vec<Option<u32>>,
    /// Position in a walk that visits each parent before its children.
    enter: Vec<u32>,
    /// Position after the last descendant.
    leave: Vec<u32>,
}

impl Forest {
    /// Compiles parent pointers; `None` when they run in a circle.
    pub(crate) fn new(parent: Vec<Option<u32>>) -> Option<Self> {
        let mut children = vec![Vec::new(); parent.len()];
        let mut roots = Vec::new();
        for (child, up) in (0_u32..).zip(&parent) {
            match up {
                Some(up) => children[*up as usize].push(child),
                None => roots.push(child),
            }
        }
        let size = parent.len();
        let (mut enter, mut leave) = (vec![0; size], vec![0; size]);
        let (mut at, mut seen) = (0, 0);
        // A node is pushed twice: to be entered, and below its children to be left.
        let mut walk: Vec<(u32, bool)> = roots.into_iter().rev().map(|root| (root, false)).collect();
        while let Some((node, entered)) = walk.pop() {
            let slot = node as usize;
            if entered {
                leave[slot] = at;
                continue;
            }
            enter[slot] = at;
            at += 1;
            seen += 1;
            walk.push((node, true));
            walk.extend(children[slot].iter().rev().map(|child| (*child, false)));
        }
        (seen == size).then_some(Self { parent, enter, leave })
    }

    /// Whether `node` is `top` or lies below it.
    pub(crate) fn within(&self, node: u32, top: u32) -> bool {
        let at = self.enter[node as usize];
        (self.enter[top as usize]..self.leave[top as usize]).contains(&at)
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.parent.len()).expect("a rulebook has less than 2^32 entries")
    }

    pub(crate) fn parent(&self, node: u32) -> Option<u32> {
        self.parent[node as usize]
    }

    /// The node and everything above it, nearest first.
    pub(crate) fn upward(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(node), |node| self.parent(*node))
    }
}
