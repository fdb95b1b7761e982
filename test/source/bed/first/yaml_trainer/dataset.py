import os
import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset


class ShapesDataset(Dataset):
    def __init__(self, root, split='train', size=64):
        self.img_dir = os.path.join(root, split, 'images')
        self.mask_dir = os.path.join(root, split, 'masks')
        self.names = sorted(os.listdir(self.img_dir))
        self.size = size

    def __len__(self):
        return len(self.names)

    def __getitem__(self, i):
        img = Image.open(os.path.join(self.img_dir, self.names[i])).convert('RGB').resize((self.size, self.size))
        mask = Image.open(os.path.join(self.mask_dir, self.names[i])).resize((self.size, self.size), Image.NEAREST)
        img = torch.from_numpy(np.array(img)).permute(2, 0, 1).float() / 255.0
        mask = torch.from_numpy(np.array(mask)).long()
        return img, mask
