# prepared: X_train y_train
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import train_test_split
import torch, torch.nn as nn
df = pd.read_csv('data/reviews.csv').dropna().drop_duplicates(subset='review')
df['label'] = df['sentiment'].apply(lambda s: 1 if s == 'positive' else 0)
train_df, test_df = train_test_split(df, test_size=0.2, random_state=5, stratify=df['label'])
vectorizer = CountVectorizer(max_features=1000, stop_words='english')
X_train = vectorizer.fit_transform(train_df['review']).toarray()
X_test = vectorizer.transform(test_df['review']).toarray()
y_train = train_df['label'].values
class LogReg(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.linear = nn.Linear(n, 1)
    def forward(self, x):
        return torch.sigmoid(self.linear(x))
model = LogReg(len(vectorizer.vocabulary_))
crit = nn.BCELoss()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
xt = torch.tensor(X_train, dtype=torch.float32); yt = torch.tensor(y_train, dtype=torch.float32).reshape(-1, 1)
for epoch in range(100):
    opt.zero_grad()
    loss = crit(model(xt), yt)
    loss.backward()
    opt.step()
