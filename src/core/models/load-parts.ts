// Parts that a first visit can do without until it has something to plan or to read. They stand beside index.ts, not in it:
// a file that only passes names on costs a page nothing but the names that it takes.

export const loadPlanFit = async () => (await import('./plan-fit.ts')).planFit;

export const loadParseModel = async () => (await import('./catalog.ts')).parseModel;
