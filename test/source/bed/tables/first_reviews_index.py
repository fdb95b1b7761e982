# prepared: X y
import pandas as pd, torch, re
from collections import Counter
from torch import nn
df = pd.read_csv('data/reviews.csv')
def clean(text):
    text = text.lower()
    text = re.sub(r'[^a-z ]', '', text)
    return text
df['review'] = df['review'].apply(clean)
counter = Counter()
for t in df['review']:
    counter.update(t.split())
vocab = {w: i + 2 for i, (w, c) in enumerate(counter.most_common(1000))}
vocab['<pad>'] = 0
vocab['<unk>'] = 1
MAX_LEN = 12
def encode(text):
    ids = [vocab.get(w, 1) for w in text.split()][:MAX_LEN]
    return ids + [0] * (MAX_LEN - len(ids))
X = torch.tensor([encode(t) for t in df['review']])
y = torch.tensor((df['sentiment'] == 'positive').astype(int).values, dtype=torch.float32)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(vocab), 16, padding_idx=0)
        self.fc = nn.Linear(16, 1)
    def forward(self, x):
        return self.fc(self.emb(x).mean(dim=1)).squeeze(1)
model = Net()
opt = torch.optim.Adam(model.parameters(), lr=0.01)
crit = nn.BCEWithLogitsLoss()
for epoch in range(20):
    opt.zero_grad()
    loss = crit(model(X), y)
    loss.backward()
    opt.step()
