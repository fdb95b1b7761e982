import { describe, expect, it } from 'vitest';
import { read, readUnit, shapeOfData, shapeOfModel, textAt } from './reading';

const rows = `import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier, SGDRegressor
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
`;

const fitted = (estimator: string, table = 'breast_cancer'): string =>
  `${rows}X, y = load_${table}(return_X_y=True)\nmodel = ${estimator}\nmodel.fit(X, y)\n`;

describe('stochastic descent of linear estimators', () => {
  it('takes one row a step, 1,000 epochs, hinge loss, and the rate of its heuristic', () => {
    const unit = readUnit(fitted('SGDClassifier()'));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe(
      'input linear(0) | target constant reshape(2) cast(4) constant multiply(5,6) constant subtract(7,8) multiply(1,9) subtract(3,10) relu(11) sum(12) mean(13)',
    );
    expect(unit.loop?.epochs.value).toBe(1000);
    expect(unit.batches).toMatchObject({ sampling: 'epochs', batchSize: { value: 1 }, shuffle: { value: true } });
    // alpha 0.0001: a typical weight of 10, and 1,000 steps until the rate has halved.
    expect(unit.optimizer).toMatchObject({ kind: 'sgd', learningRate: { value: 10 }, rateName: null });
    expect(unit.schedules).toMatchObject([
      { rule: { kind: 'decay', curve: { kind: 'inverseTime', length: 1000 } }, per: 'batch' },
    ]);
    expect(unit.optimizer?.groups.map(({ weightDecay }) => weightDecay?.value)).toEqual([1e-4, undefined]);
  });

  it('lowers the rate of a regressor with the fourth root of the steps', () => {
    const unit = readUnit(fitted('SGDRegressor(max_iter=7)', 'diabetes'));
    expect(unit.optimizer).toMatchObject({ learningRate: { value: 0.01, isDefault: true }, rateName: 'eta0' });
    expect(unit.schedules).toMatchObject([{ rule: { curve: { kind: 'inversePower', power: 0.25 } }, per: 'batch' }]);
    expect(unit.loop?.epochs.value).toBe(7);
  });

  it.each([
    ["SGDClassifier(penalty='l1')", 'This penalty is not followed'],
    ["SGDClassifier(learning_rate='adaptive', eta0=0.1)", 'This schedule of the learning rate is not followed'],
    ["SGDClassifier(learning_rate='constant')", 'The first rate `eta0` of this schedule is not given'],
    ["SGDClassifier(loss='modified_huber')", 'This loss is not read'],
    ['SGDClassifier(average=True)', '`average` is not followed'],
  ])('%s is told', (estimator, text) => {
    expect(readUnit(fitted(estimator)).unread.map((reason) => reason.text)).toEqual([text]);
  });
});

describe('estimators without a learning rate', () => {
  it('have the problem that they solve, and no optimizer', () => {
    const text = fitted('make_pipeline(StandardScaler(), LogisticRegression(C=0.5))');
    const unit = readUnit(text);
    expect(unit.optimizer).toBeNull();
    expect(unit.unread.map((reason) => reason.text)).toEqual([expect.stringMatching(/^LogisticRegression is solved by lbfgs/)]);
    expect(textAt(text, unit.unread[0]?.range)).toBe('LogisticRegression');
    expect(shapeOfModel(unit)).toContain('bceWithLogits');
    const factors = unit.model?.nodes.flatMap((node) => (node.kind === 'constant' ? [node.arguments.value] : []));
    expect(factors).toEqual([1 / 569]);
    expect(unit.train).not.toBeNull();
  });

  it.each(['LinearRegression()', 'Ridge(alpha=2.0)'])('%s is solved at once', (estimator) => {
    expect(readUnit(fitted(estimator, 'diabetes')).unread[0]?.text).toContain('is solved at once');
  });

  it('include networks that are trained by lbfgs', () => {
    const unit = readUnit(fitted("MLPClassifier(solver='lbfgs')"));
    expect(unit.optimizer).toBeNull();
    expect(unit.unread[0]?.text).toBe('The solver lbfgs searches its own steps: there is no learning rate to follow');
  });
});

describe('networks', () => {
  it('keep a tenth of the rows aside to stop in time', () => {
    const unit = readUnit(fitted('MLPClassifier(early_stopping=True, random_state=5, n_iter_no_change=4)', 'iris'));
    const split = unit.data.steps.find(({ kind }) => kind === 'trainTestSplit');
    expect(split?.arguments).toMatchObject({ testSize: 0.1, seed: 5, shuffle: true, stratify: true });
    expect(unit.validation).not.toBeNull();
    expect(unit.loop?.earlyStopping).toMatchObject({ patience: 4 });
    expect(unit.optimizer).toMatchObject({ kind: 'adam', rateName: 'learning_rate_init', learningRate: { value: 1e-3 } });
    expect(unit.batches?.batchSize?.value).toBe(150);
  });
});

describe('what is put around an estimator', () => {
  it('chooses columns, each with its own step', () => {
    const unit = readUnit(`${rows}
df = pd.read_csv('x.csv')
before = ColumnTransformer([('n', StandardScaler(), ['age', 'fare']), ('c', OneHotEncoder(), ['sex'])])
model = Pipeline([('before', before), ('mlp', MLPClassifier())])
model.fit(df, df['survived'])
`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfData(unit)).toMatch(/encodeCategories.*concatenate/);
    expect(shapeOfData(unit)).toContain('encodeLabels');
  });

  it('trains one model on all rows for a cross-validation, and says so', () => {
    const { experiments } = read(
      `${rows}X, y = load_iris(return_X_y=True)\nscores = cross_val_score(MLPClassifier(), X, y, cv=5)\n`,
    );
    expect(experiments.map(({ unread }) => unread)).toEqual([[]]);
    expect(experiments[0]?.assumptions.map(({ text }) => text)).toContain(
      'Of the cross-validation one model is trained, on all rows',
    );
  });

  it('reads the first setting of a search, and says so', () => {
    const unit = readUnit(
      fitted("GridSearchCV(MLPClassifier(), {'learning_rate_init': [0.1, 0.01], 'solver': ['sgd', 'adam']})"),
    );
    expect(unit.unread).toEqual([]);
    expect(unit.optimizer).toMatchObject({ kind: 'sgd', learningRate: { value: 0.1 } });
    expect(unit.optimizer?.learningRate.sweep?.length).toBe(2);
    expect(unit.assumptions.map(({ text }) => text)).toContain(
      'Of the search over settings the model with the first setting is read',
    );
    expect(readUnit(fitted('GridSearchCV(MLPClassifier(), settings)')).unread[0]?.text).toBe(
      'The settings of this search could not be read',
    );
  });

  it('does not guess at a step that is not known', () => {
    expect(readUnit(fitted('make_pipeline(something_else(), MLPClassifier())')).unread.length).toBeGreaterThan(0);
  });

  it('takes `partial_fit` for one pass over the rows that it is given', () => {
    const { experiments } = read(`import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import SGDClassifier
X, y = load_iris(return_X_y=True)
model = SGDClassifier(learning_rate='constant', eta0=0.05)
for epoch in range(12):
    for start in range(0, 150, 30):
        model.partial_fit(X[start:start + 30], y[start:start + 30], classes=np.unique(y))
`);
    expect(experiments.map(({ unread }) => unread)).toEqual([[]]);
    expect(experiments[0]?.batches).toMatchObject({ batchSize: { value: 1 }, shuffle: { value: true } });
    expect(experiments[0]?.loop).toMatchObject({ epochs: { value: 12 } });
  });
});
