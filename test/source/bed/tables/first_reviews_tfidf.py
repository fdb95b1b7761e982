# prepared: X_train y_train
import pandas as pd, torch
from torch import nn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
df = pd.read_csv('data/reviews.csv')
df['label'] = df['sentiment'].map({'negative': 0, 'positive': 1})
vec = TfidfVectorizer(max_features=500, stop_words=None)
X = vec.fit_transform(df['review']).toarray()
y = df['label'].values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
xt = torch.tensor(X_train, dtype=torch.float32)
yt = torch.tensor(y_train, dtype=torch.long)
model = nn.Sequential(nn.Linear(X_train.shape[1], 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(50):
    opt.zero_grad()
    loss = crit(model(xt), yt)
    loss.backward()
    opt.step()
