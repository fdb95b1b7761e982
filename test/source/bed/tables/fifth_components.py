# prepared: X_train y_train
import pandas as pd, torch
from torch import nn
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
df = pd.read_csv('data/breast_cancer.csv')
y = (df.iloc[:, -1] == 'M').astype(int).values
X = df.iloc[:, :-1]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=3)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
pca = PCA(n_components=0.9, whiten=True)
X_train = pca.fit_transform(X_train)
X_test = pca.transform(scaler.transform(X_test))
pipe = Pipeline([('scale', MinMaxScaler()), ('pca', PCA(4))])
X_train = pipe.fit_transform(X_train)
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
