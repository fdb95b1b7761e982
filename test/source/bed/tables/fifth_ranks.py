# prepared: X_train y_train
import pandas as pd, torch
from torch import nn
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import PowerTransformer, QuantileTransformer
df = pd.read_csv('data/diabetes.csv')
y_train = df.pop('progression').values / 100
columns = ColumnTransformer([
    ('uniform', QuantileTransformer(n_quantiles=50), ['age', 'sex']),
    ('normal', QuantileTransformer(output_distribution='normal', random_state=0), ['bmi', 'bp', 's1']),
    ('power', PowerTransformer(), ['s2', 's3', 's4']),
    ('boxcox', PowerTransformer(method='box-cox', standardize=False), ['s5']),
])
X_train = columns.fit_transform(df)
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
