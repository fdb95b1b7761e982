import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const script = (prepare: string): string => `
import pandas as pd
import torch
from torch import nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
df = pd.read_csv('t.csv')
cols = ['a', 'b']
${prepare}
X = torch.tensor(df[cols].values, dtype=torch.float32)
y = torch.tensor(df['y'].values, dtype=torch.float32).view(-1, 1)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
`;

const scaled = 'pd.DataFrame(StandardScaler().fit_transform(df[cols]), columns=cols)';
const labels = expect.stringContaining('by their labels') as string;
const reasons = (prepare: string): string[] => readUnit(script(prepare)).unread.map(({ text }) => text);

describe('rows that pandas puts side by side by their labels', () => {
  it.each([
    ['a filtered table beside a new one', `df = df[df['a'] > 0]\ndf = pd.concat([${scaled}, df[['y']]], axis=1)`],
    ['one without its gaps', `df = df.dropna()\ndf = ${scaled}.join(df['y'])`],
    ['a sorted one given a column of the file', "whole = pd.read_csv('t.csv')\ndf = df.sort_values('a')\ndf['b'] = whole['b']"],
    ['one sorted in place', "before = df['b']\ndf.sort_values('a', inplace=True)\ndf['b'] = before"],
    ['one that lost its gaps in place', "before = df['b']\ndf.dropna(inplace=True)\ndf['b'] = before"],
    ['groups beside the rows of a file', "df['b'] = df.groupby('y')['a'].mean()"],
    ['two different halves', 'one, two = train_test_split(df, test_size=0.5, random_state=0)\ndf = one\ndf["b"] = two["b"]'],
  ])('are not read where the labels differ: %s', (_, prepare) => {
    expect(reasons(prepare)).toEqual([labels]);
  });

  it.each([
    ['tables as they are in the file', `df = pd.concat([${scaled}, df[['y']]], axis=1)`],
    [
      'a filtered one numbered anew',
      `df = df[df['a'] > 0].reset_index(drop=True)\ndf = pd.concat([${scaled}, df[['y']]], axis=1)`,
    ],
    [
      'statistics of the same groups',
      "made = df.groupby('y').agg({'b': 'mean'})\nmade['a'] = df.groupby('y')['a'].max() - df.groupby('y')['a'].min()\ndf = made.reset_index()",
    ],
    [
      'one numbered anew in place',
      `df.dropna(inplace=True)\ndf.reset_index(drop=True, inplace=True)\ndf = pd.concat([${scaled}, df[['y']]], axis=1)`,
    ],
    [
      'a new one that takes over the labels',
      `df = df.dropna()\ndf = pd.concat([${scaled.replace('=cols)', '=cols, index=df.index)')}, df[['y']]], axis=1)`,
    ],
    ['its own columns', "df = df[df['a'] > 0].sort_values('b')\ndf['b'] = 1 - df['a'] / df['a'].mean()"],
    [
      'rows and targets of one split',
      "X, Z, y, w = train_test_split(df[cols], df['y'], random_state=0)\ndf = pd.concat([X, y], axis=1)",
    ],
    ['the same mask of both', "keep = df['a'] > 0\ndf = pd.concat([df[cols][keep], df['y'][keep]], axis=1)"],
    ['values without labels', 'df = df.dropna()\ndf[cols] = StandardScaler().fit_transform(df[cols])'],
    ['a number from other rows', 'train, df = train_test_split(df, random_state=0)\ndf["b"] = train["b"].mean()'],
  ])('are read: %s', (_, prepare) => {
    expect(reasons(prepare)).toEqual([]);
  });
});
