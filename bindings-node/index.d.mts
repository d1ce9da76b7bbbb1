// For `import`: the same names as for `require`, and no default.
export * from './index.js';
